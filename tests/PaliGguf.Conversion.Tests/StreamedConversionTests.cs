using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Tests;

public sealed class StreamedConversionTests
{
    [Theory]
    [InlineData(ModelFileType.F32, 1)]
    [InlineData(ModelFileType.Q8_0, 3)]
    [InlineData(ModelFileType.Q4_K_M, 3)]
    public async Task What_arrives_is_converted_to_the_same_bytes_and_is_read_once(ModelFileType type, int shards)
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano);
        if (shards == 1) folder.SaveSingle();
        else folder.SaveShards(shards);
        ConversionResult expected =
            await CheckpointConverter.ConvertAsync(Options(folder, type) with { OutputFolder = folder.In("expected") });
        StreamedFolder streamed = new(folder.Path);

        List<ConversionPhase> phases = [];
        ConversionResult result = await CheckpointConverter.ConvertAsync(Options(folder, type, streamed.Files), new Listener(phases));

        Same(expected, result);
        Assert.Equal(streamed.Bytes, streamed.Sent);
        Assert.Equal([ConversionPhase.Checking, ConversionPhase.Arriving, ConversionPhase.Done], phases.Distinct());
        Assert.Equal([result.VisionPath, result.TextPath], Directory.GetFileSystemEntries(folder.Output).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ModelFileType.Q8_0)]
    [InlineData(ModelFileType.F16)]
    public async Task A_vision_file_for_libmtmd_is_the_same_too(ModelFileType type)
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveShards(2);
        ConversionOptions options = Options(folder, type) with { VisionForm = VisionForm.Mlp };
        ConversionResult expected = await CheckpointConverter.ConvertAsync(options with { OutputFolder = folder.In("expected") });

        Same(expected, await CheckpointConverter.ConvertAsync(options with { Streamed = new StreamedFolder(folder.Path).Files }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task A_broken_conversion_goes_on_after_the_last_tensor_that_was_finished(long journalEvery)
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(3);
        ConversionResult expected =
            await CheckpointConverter.ConvertAsync(Options(folder, ModelFileType.Q8_0) with { OutputFolder = folder.In("expected") });
        StreamedFolder streamed = new(folder.Path);
        ConversionOptions options = Options(folder, ModelFileType.Q8_0, streamed.Files) with { JournalEvery = journalEvery };

        for (int part = 1; part < 5; part++)
        {
            streamed.FailAfter = streamed.Sent + (streamed.Bytes / 4);
            await Assert.ThrowsAsync<ConversionException>(() => CheckpointConverter.ConvertAsync(options));
            Assert.Single(Directory.GetFileSystemEntries(folder.Output));
        }

        streamed.FailAfter = long.MaxValue;
        ConversionResult result = await CheckpointConverter.ConvertAsync(options);

        Same(expected, result);
        Assert.Equal([result.VisionPath, result.TextPath], Directory.GetFileSystemEntries(folder.Output).Order(StringComparer.Ordinal));
        // Again: the beginnings, what was in the window, and what was begun of a tensor.
        Assert.True(streamed.Sent < 3 * streamed.Bytes, $"{streamed.Sent} of {streamed.Bytes}");
        Assert.Contains(streamed.Asked, part => part.Offset > 0 && part.Length > 100_000
            && part.Name.StartsWith("model-00003", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_type_does_not_go_on_with_what_is_not_its_own()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(3);
        ConversionResult expected =
            await CheckpointConverter.ConvertAsync(
                Options(folder, ModelFileType.Q8_0) with { OutputFolder = folder.In("expected"), Name = "other" });
        StreamedFolder streamed = new(folder.Path) { FailAfter = 6_000_000 };
        ConversionOptions options = Options(folder, ModelFileType.Q8_0, streamed.Files);
        await Assert.ThrowsAsync<ConversionException>(() =>
            CheckpointConverter.ConvertAsync(options with { EmbeddingType = GgmlType.F16 }));
        streamed.FailAfter = long.MaxValue;

        ConversionResult result = await CheckpointConverter.ConvertAsync(options with { Name = "other" });

        Same(expected, result);
    }

    [Fact]
    public async Task What_is_not_the_file_is_refused_and_nothing_of_it_stays()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        ConversionOptions options = Options(folder, ModelFileType.Q8_0, new StreamedFolder(folder.Path).Damaged(^1));

        ModelFormatException refused = await Assert.ThrowsAsync<ModelFormatException>(() => CheckpointConverter.ConvertAsync(options));

        OneLineError.Check(refused, "model.safetensors", "what arrived is not the file: its SHA-256 is");
        Assert.Empty(Directory.Exists(folder.Output) ? Directory.GetFileSystemEntries(folder.Output) : []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_output_matrix_is_compared_with_the_embedding_when_both_have_arrived(bool same)
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
        RawTensor embedding = folder.Tensors.Single(tensor => tensor.Key.EndsWith("embed_tokens.weight", StringComparison.Ordinal)).Value;
        byte[] head = [.. embedding.Data];
        if (!same) head[0] ^= 1;
        folder.Tensors["lm_head.weight"] = embedding with { Data = head };
        folder.SaveShards(2);
        ConversionOptions options = Options(folder, ModelFileType.F16, new StreamedFolder(folder.Path).Files);

        if (same)
        {
            await CheckpointConverter.ConvertAsync(options);
        }
        else
        {
            OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => CheckpointConverter.ConvertAsync(options)),
            "lm_head.weight differs from");
        }
    }

    [Fact]
    public async Task Where_it_comes_from_stands_in_both_files()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        ConversionOptions options = Options(folder, ModelFileType.F16) with
        {
            Origin = new SourceOrigin("google/tiny", "0123456789abcdef", "https://huggingface.co/google/tiny/tree/0123456789abcdef"),
        };

        ConversionResult result = await CheckpointConverter.ConvertAsync(options);

        foreach (string path in new[] { result.TextPath, result.VisionPath })
        {
            using GgufFile file = GgufFile.Open(path);
            Assert.Equal("google/tiny", file.Metadata.GetString("general.source.huggingface.repository"));
            Assert.Equal("0123456789abcdef", file.Metadata.GetString("general.source.huggingface.commit"));
            Assert.Equal("https://huggingface.co/google/tiny/tree/0123456789abcdef", file.Metadata.GetString("general.source.url"));
        }
    }

    [Fact]
    public async Task A_conversion_that_waits_for_bytes_can_be_cancelled()
    {
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        using CancellationTokenSource cancel = new();
        StreamedFile file = new StreamedFolder(folder.Path).Files.Single();
        StreamedFile silent = new()
        {
            Name = file.Name,
            Length = file.Length,
            Open = (offset, length, token) =>
            {
                if (length < file.Length / 2) return file.Open(offset, length, token);
                cancel.Cancel();
                token.WaitHandle.WaitOne();
                throw new OperationCanceledException(token);
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => CheckpointConverter.ConvertAsync(Options(folder, ModelFileType.F16, [silent]), cancellationToken: cancel.Token));
    }

    private static ConversionOptions Options(CheckpointFolder folder, ModelFileType type, IReadOnlyList<StreamedFile>? streamed = null) =>
        new() { Source = folder.Path, OutputFolder = folder.Output, Type = type, Streamed = streamed ?? [] };

    private sealed class Listener(List<ConversionPhase> phases) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => phases.Add(value.Phase);
    }

    private static void Same(ConversionResult expected, ConversionResult result)
    {
        Assert.Equal(Path.GetFileName(expected.TextPath), Path.GetFileName(result.TextPath));
        Assert.Equal(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(result.TextPath));
        Assert.Equal(File.ReadAllBytes(expected.VisionPath), File.ReadAllBytes(result.VisionPath));
    }
}
