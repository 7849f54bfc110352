using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>Whatever goes wrong is one line, and nothing of the conversion remains.</summary>
public sealed class ConversionFailureTests
{
    private const string Query = "language_model.model.layers.0.self_attn.q_proj.weight";

    [Fact]
    public Task Unfit_tensors_are_listed_together() => Refused(
        checkpoint =>
        {
            checkpoint.Tensors.Remove("language_model.model.norm.weight");
            checkpoint.Tensors.Remove("vision_tower.vision_model.encoder.layers.1.mlp.fc1.bias");
            checkpoint.Tensors[Query] = checkpoint.Tensors[Query] with { Shape = [128, 512] };
            checkpoint.Tensors.Add("surprise", new RawTensor("F32", [1], new byte[4]));
            checkpoint.SaveSingle();
        },
        "2 missing, 1 unfit, 1 surplus",
        "missing language_model.model.norm.weight",
        "missing vision_tower.vision_model.encoder.layers.1.mlp.fc1.bias",
        Query + " is [128, 512], expected [256, 256]",
        "surplus surprise");

    [Fact]
    public Task A_configuration_of_another_size_lists_what_does_not_fit() => Refused(
        checkpoint => checkpoint.SaveSingle().EditConfig(config => config["text_config"]!["num_hidden_layers"] = 4),
        "11 missing", "missing language_model.model.layers.3.input_layernorm.weight", "and 1 more");

    [Fact]
    public Task Tensors_of_integers_are_refused() => Refused(
        checkpoint =>
        {
            checkpoint.Tensors[Query] = checkpoint.Tensors[Query] with { Type = "I16" };
            checkpoint.SaveSingle();
        },
        Query + " is I16");

    [Fact]
    public Task An_output_matrix_of_its_own_is_refused() => Refused(
        checkpoint =>
        {
            RawTensor embedding = checkpoint.Tensors["language_model.model.embed_tokens.weight"];
            byte[] data = [.. embedding.Data];
            data[256 * 2 * 7] ^= 0x40;
            checkpoint.Tensors.Add("lm_head.weight", embedding with { Data = data });
            checkpoint.SaveSingle();
        },
        "lm_head.weight differs", "row 7");

    [Fact]
    public Task A_number_that_overflows_names_its_tensor() => Refused(
        checkpoint =>
        {
            // Far into the last file to be written, so that there is something to clean up.
            RawTensor projector = checkpoint.Tensors["multi_modal_projector.linear.weight"];
            byte[] data = [.. projector.Data];
            BitConverter.TryWriteBytes(data.AsSpan(1000), (ushort)0x4780);
            checkpoint.Tensors["multi_modal_projector.linear.weight"] = projector with { Data = data };
            checkpoint.SaveSingle();
        },
        "multi_modal_projector.linear.weight holds 65536", "65504");

    [Fact]
    public Task A_checkpoint_without_a_configuration_is_refused() =>
        Refused(checkpoint => File.Delete(checkpoint.SaveSingle().In("config.json")), "config.json", "missing");

    [Fact]
    public Task A_checkpoint_without_a_tokenizer_is_refused() =>
        Refused(checkpoint => File.Delete(checkpoint.SaveSingle().In("tokenizer.model")), "tokenizer.model", "missing", "--tokenizer");

    [Fact]
    public Task A_truncated_tokenizer_is_refused() => Refused(
        checkpoint =>
        {
            string tokenizer = checkpoint.SaveSingle().In("tokenizer.model");
            File.WriteAllBytes(tokenizer, File.ReadAllBytes(tokenizer)[..^100]);
        },
        "tokenizer.model");

    [Fact]
    public Task An_image_token_in_two_places_is_refused() =>
        Refused(checkpoint => checkpoint.SaveSingle().EditConfig(config => config["image_token_index"] = 2060), "2052", "2060");

    [Fact]
    public Task A_checkpoint_without_weights_is_refused() => Refused(_ => { }, "model.safetensors");

    [Fact]
    public Task A_truncated_shard_is_refused() => Refused(
        checkpoint =>
        {
            string shard = checkpoint.SaveShards(3).In("model-00002-of-00003.safetensors");
            File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..^1]);
        },
        "model-00002-of-00003.safetensors", "truncated");

    [Fact]
    public async Task A_source_that_is_not_there_is_refused()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("checkpoint", []);
        OneLineError.Check(await Fail<ModelFormatException>(folder.File("none"), folder.File("out")), folder.File("none"), "no such folder or file");
        OneLineError.Check(await Fail<ModelFormatException>(file, folder.File("out")), file, "this is a file");
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public async Task An_output_folder_that_can_not_be_is_refused_before_any_work()
    {
        using TemporaryFolder folder = new();
        folder.Write("file", []);
        OneLineError.Check(await Fail<ConversionException>(CheckpointFolder.Gemma, folder.File("file/out")), folder.File("file"), "can not be written");
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_refused_before_any_work()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File("mmproj-model-F16.gguf"));
        OneLineError.Check(await Fail<ConversionException>(CheckpointFolder.Gemma, folder.Path), "mmproj-model-F16.gguf", "in the way");
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    [InlineData("..\\b")]
    [InlineData("a:b")]
    [InlineData("a\nb")]
    public async Task A_name_that_can_not_be_part_of_a_file_name_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        OneLineError.Check(await Fail<ConversionException>(CheckpointFolder.Gemma, folder.File("out"), name), "model's name");
    }

    [Theory]
    [InlineData(ConversionPhase.Checking)]
    [InlineData(ConversionPhase.WritingText)]
    [InlineData(ConversionPhase.WritingVision)]
    public async Task A_cancelled_conversion_leaves_nothing_but_what_was_there(ConversionPhase phase)
    {
        using TemporaryFolder folder = new();
        folder.Write("tiny-F32.gguf", "old"u8);
        using CancellationTokenSource source = new();
        ConversionOptions options = new() { Source = CheckpointFolder.Gemma, OutputFolder = folder.Path, Type = ModelFileType.F32, Name = "tiny" };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CheckpointConverter.ConvertAsync(options, new CancelIn(phase, source), source.Token));

        Assert.Equal([folder.File("tiny-F32.gguf")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal("old"u8, File.ReadAllBytes(folder.File("tiny-F32.gguf")));
    }

    [Fact]
    public async Task Left_overs_of_a_conversion_that_was_killed_do_not_disturb_the_next()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File(".paligguf-tiny-F16.partial"));
        folder.Write(".paligguf-tiny-F16.partial/tiny-F16.gguf", new byte[100_000]);
        folder.Write(".paligguf-tiny-F16.partial/.paligguf-abc.partial", new byte[100_000]);
        Directory.CreateDirectory(folder.File(".paligguf-tiny-Q8_0.partial"));
        folder.Write(".paligguf-tiny-Q8_0.partial/lock", []);
        folder.Write(".paligguf-tiny-Q8_0.partial/tiny-Q8_0.gguf", new byte[100_000]);
        await CheckpointConverter.ConvertAsync(new ConversionOptions { Source = CheckpointFolder.Gemma2, OutputFolder = folder.Path, Type = ModelFileType.F16, Name = "tiny" });
        Assert.Equal([folder.File("mmproj-tiny-F16.gguf"), folder.File("tiny-F16.gguf")], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Two_conversions_to_the_same_files_do_not_mix()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder.File(".paligguf-tiny-F16.partial"));
        using (new FileStream(folder.File(".paligguf-tiny-F16.partial/lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            OneLineError.Check(await Fail<ConversionException>(CheckpointFolder.Gemma2, folder.Path, "tiny"),
                ".paligguf-tiny-F16.partial", "another conversion");
        }

        Assert.Equal([folder.File(".paligguf-tiny-F16.partial/lock")], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    private static async Task Refused(Action<CheckpointFolder> damage, params string[] contained)
    {
        using CheckpointFolder checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2);
        damage(checkpoint);
        OneLineError.Check(await Fail<ModelFormatException>(checkpoint.Path, checkpoint.Output), [checkpoint.Path, .. contained]);
        Assert.False(Directory.Exists(checkpoint.Output));
    }

    private static Task<T> Fail<T>(string source, string output, string? name = null)
        where T : Exception =>
        Assert.ThrowsAsync<T>(() => CheckpointConverter.ConvertAsync(
            new ConversionOptions { Source = source, OutputFolder = output, Type = ModelFileType.F16, Name = name }));

    private sealed class CancelIn(ConversionPhase phase, CancellationTokenSource source) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            if (value.Phase == phase) source.Cancel();
        }
    }
}
