using Microsoft.Win32.SafeHandles;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

public sealed class ModelQuantizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<ModelFileType> WithoutImportance() =>
        [.. Enum.GetValues<ModelFileType>().Where(type => type is not (ModelFileType.IQ1_S or ModelFileType.IQ1_M or ModelFileType.IQ2_XXS or ModelFileType.IQ2_XS or ModelFileType.IQ2_S))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(WithoutImportance))]
    public async Task Quantizing_a_file_gives_what_converting_the_checkpoint_gives(ModelFileType type)
    {
        ConversionResult exact = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        ConversionResult converted = await CheckpointConverter.ConvertAsync(
            new ConversionOptions { Source = CheckpointFolder.Gemma2, OutputFolder = _folder.File("converted"), Type = type });

        QuantizationResult quantized = await Quantize(exact.TextPath, type, _folder.File("quantized.gguf"));

        // Only the order of the metadata differs.
        using GgufFile expected = GgufFile.Open(converted.TextPath);
        using GgufFile actual = GgufFile.Open(quantized.Path);
        SameTensors(expected, actual);
        Assert.Equal(expected.Metadata.Keys.Order(StringComparer.Ordinal), actual.Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((uint)type, actual.Metadata.GetUInt32("general.file_type"));
        Assert.Equal(new FileInfo(quantized.Path).Length, quantized.Bytes);
        Assert.Equal(new FileInfo(exact.TextPath).Length, quantized.SourceBytes);
    }

    [Fact]
    public async Task Biases_stay_exact_that_a_file_gives_a_second_dimension_of_1()
    {
        string source = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath;
        using GgufFile file = GgufFile.Open(source);
        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries) writer.Copy(entry);
        foreach (GgufTensor tensor in file.Tensors)
        {
            writer.AddTensor(tensor.Name, tensor.Type,
                [.. tensor.Shape, .. Enumerable.Repeat(1L, 4 - tensor.Shape.Length)], (stream, _) => file.OpenRead(tensor).CopyTo(stream));
        }

        writer.Write(_folder.File("columns.gguf"));
        using GgufFile expected = GgufFile.Open((await Quantize(source, ModelFileType.Q8_0, _folder.File("vectors-Q8_0.gguf"))).Path);
        using GgufFile actual =
            GgufFile.Open((await Quantize(_folder.File("columns.gguf"), ModelFileType.Q8_0, _folder.File("columns-Q8_0.gguf"))).Path);
        SameTensors(expected, actual);
        Assert.Equal(GgmlType.F32, actual.GetTensor("v.blk.0.attn_q.bias").Type);
    }

    [Theory]
    [InlineData(ModelFileType.F16)]
    [InlineData(ModelFileType.BF16)]
    [InlineData(ModelFileType.Q8_0)]
    [InlineData(ModelFileType.Q5_0)]
    [InlineData(ModelFileType.Q5_1)]
    [InlineData(ModelFileType.Q4_0)]
    [InlineData(ModelFileType.Q4_1)]
    [InlineData(ModelFileType.IQ4_NL)]
    public async Task A_vision_file_is_quantized_as_the_checkpoints_tower_is(ModelFileType type)
    {
        ConversionResult exact = await ConvertedModels.PaliNano(ModelFileType.F32);
        ConversionResult converted = await CheckpointConverter.ConvertAsync(new ConversionOptions
        {
            Source = CheckpointFolder.PaliNano,
            OutputFolder = _folder.File("converted"),
            Type = ModelFileType.Q4_K_M,
            VisionType = type,
        });
        Assert.EndsWith($"mmproj-checkpoint-{type}.gguf", converted.VisionPath, StringComparison.Ordinal);
        QuantizationResult quantized = await Quantize(exact.VisionPath, type, _folder.File("vision.gguf"));
        using GgufFile expected = GgufFile.Open(converted.VisionPath);
        using GgufFile actual = GgufFile.Open(quantized.Path);
        SameTensors(expected, actual);
    }

    [Fact]
    public async Task Tensors_that_keep_their_type_are_copied()
    {
        ConversionResult source = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        QuantizationResult same = await Quantize(source.TextPath, ModelFileType.Q8_0, _folder.File("same.gguf"));
        using GgufFile expected = GgufFile.Open(source.TextPath);
        using GgufFile actual = GgufFile.Open(same.Path);
        SameTensors(expected, actual);
    }

    [Fact]
    public async Task A_tower_that_another_converter_left_unpadded_is_padded()
    {
        ConversionResult exact = await ConvertedModels.Golden("tiny-g1", ModelFileType.F32);
        string unpadded = Unpad(exact.VisionPath);
        QuantizationResult quantized = await Quantize(unpadded, ModelFileType.Q8_0, _folder.File("padded.gguf"));
        using GgufFile expected = GgufFile.Open((await ConvertedModels.Golden("tiny-g1", ModelFileType.Q8_0)).VisionPath);
        using GgufFile actual = GgufFile.Open(quantized.Path);
        SameTensors(expected, actual);
        Assert.Equal(expected.Metadata.GetUInt32("clip.vision.feed_forward_length"), actual.Metadata.GetUInt32("clip.vision.feed_forward_length"));
    }

    [Fact]
    public async Task The_file_is_named_after_its_source()
    {
        ConversionResult source = await ConvertedModels.PaliNano(ModelFileType.F16);
        string text = _folder.File("some-model-F16.gguf");
        File.Copy(source.TextPath, text);
        Assert.Equal(_folder.File("some-model-IQ4_XS.gguf"), (await Quantize(text, ModelFileType.IQ4_XS)).Path);
        string vision = _folder.File("mmproj-some-model.gguf");
        File.Copy(source.VisionPath, vision);
        Assert.Equal(_folder.File("mmproj-some-model-Q4_0.gguf"), (await Quantize(vision, ModelFileType.Q4_0)).Path);
    }

    [Fact]
    public async Task An_importance_matrix_is_used_and_named()
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string importance = ImportanceOf(source.TextPath, "importance.gguf", rowLength => rowLength);
        QuantizationOptions options = new() { Source = source.TextPath, Type = ModelFileType.IQ2_XS, Output = _folder.File("weighted.gguf"), ImportanceMatrix = importance };
        using GgufFile weighted = GgufFile.Open((await ModelQuantizer.QuantizeAsync(options)).Path);
        Assert.Equal(GgmlType.IQ2_XS, weighted.GetTensor("blk.1.attn_q.weight").Type);
        Assert.Equal("importance.gguf", weighted.Metadata.GetString("quantize.imatrix.file"));

        using GgufFile plain = GgufFile.Open((await Quantize(source.TextPath, ModelFileType.Q4_K_M, _folder.File("plain.gguf"))).Path);
        QuantizationOptions fourBits = new() { Source = source.TextPath, Type = ModelFileType.Q4_K_M, Output = _folder.File("four.gguf"), ImportanceMatrix = importance };
        using GgufFile four = GgufFile.Open((await ModelQuantizer.QuantizeAsync(fourBits)).Path);
        using GgufFile exact = GgufFile.Open(source.TextPath);
        Assert.True(FirstColumnError(exact, four) < FirstColumnError(exact, plain));
    }

    [Fact]
    public async Task Matrices_that_saw_nothing_but_zeros_are_stored_all_the_same()
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        ImportanceMatrix zeros = new();
        using (GgufFile file = GgufFile.Open(source.TextPath))
        {
            foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.Shape.Length == 2)) zeros.Observe(tensor.Name, new float[tensor.RowLength], (int)tensor.RowLength);
        }

        zeros.Write(_folder.File("zeros.gguf"));
        QuantizationOptions options = new() { Source = source.TextPath, Type = ModelFileType.IQ2_XXS, Output = _folder.File("out.gguf"), ImportanceMatrix = _folder.File("zeros.gguf") };
        using GgufFile stored = GgufFile.Open((await ModelQuantizer.QuantizeAsync(options)).Path);
        Assert.Equal(GgmlType.IQ2_XXS, stored.GetTensor("blk.1.attn_q.weight").Type);
    }

    [Theory]
    [InlineData(ModelFileType.IQ2_XXS)]
    [InlineData(ModelFileType.IQ1_S)]
    [InlineData(ModelFileType.IQ1_M)]
    public async Task A_type_that_needs_an_importance_matrix_is_refused_without(ModelFileType type)
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        ConversionException refusal = await Assert.ThrowsAsync<ConversionException>(() => Quantize(source.TextPath, type));
        OneLineError.Check(refusal, "only with an importance matrix", "--imatrix");
    }

    [Fact]
    public async Task An_importance_matrix_of_another_model_is_refused()
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string importance = ImportanceOf(source.TextPath, "other.gguf", rowLength => rowLength / 2);
        QuantizationOptions options = new() { Source = source.TextPath, Type = ModelFileType.Q4_0, Output = _folder.File("out.gguf"), ImportanceMatrix = importance };
        OneLineError.Check(await Assert.ThrowsAsync<ConversionException>(() => ModelQuantizer.QuantizeAsync(options)), "other.gguf", "of another model");
    }

    [Fact]
    public async Task What_is_coarse_already_is_only_stored_anew_if_insisted_on()
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string coarse = (await Quantize(source.TextPath, ModelFileType.Q4_0, _folder.File("coarse-Q4_0.gguf"))).Path;
        OneLineError.Check(await Assert.ThrowsAsync<ConversionException>(() => Quantize(coarse, ModelFileType.Q4_1)), "is Q4_0 already", "--allow-requantize");
        Assert.True(File.Exists((await ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = coarse, Type = ModelFileType.Q4_1, AllowRequantizing = true })).Path));
    }

    [Fact]
    public async Task Bad_wishes_are_refused()
    {
        ConversionResult source = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        await Assert.ThrowsAsync<ArgumentException>(() => Quantize(source.VisionPath, ModelFileType.Q4_K_M));
        await Assert.ThrowsAsync<ArgumentException>(() => Quantize(source.TextPath, (ModelFileType)5));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Quantize(_folder.File("none.gguf"), ModelFileType.Q4_0));
        OneLineError.Check(await Assert.ThrowsAsync<ConversionException>(() => Quantize(source.TextPath, ModelFileType.Q4_0, source.TextPath)), "--out");
        _folder.Write("broken.gguf", "GGUF"u8);
        await Assert.ThrowsAsync<ModelFormatException>(() => Quantize(_folder.File("broken.gguf"), ModelFileType.Q4_0));
    }

    [Fact]
    public async Task Cancelling_leaves_nothing()
    {
        ConversionResult source = await ConvertedModels.PaliNano(ModelFileType.F32);
        using CancellationTokenSource stop = new();
        SynchronousProgress progress = new(report =>
        {
            if (report.BytesDone > 0) stop.Cancel();
        });
        QuantizationOptions options = new() { Source = source.TextPath, Type = ModelFileType.Q4_0, Output = _folder.File("new/out.gguf") };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelQuantizer.QuantizeAsync(options, progress, stop.Token));
        Assert.False(Directory.Exists(_folder.File("new")));
    }

    private static Task<QuantizationResult> Quantize(string source, ModelFileType type, string? output = null) =>
        ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = source, Type = type, Output = output });

    private static void SameTensors(GgufFile expected, GgufFile actual)
    {
        Assert.Equal(expected.Tensors.Select(tensor => tensor.ToString()), actual.Tensors.Select(tensor => tensor.ToString()));
        foreach (GgufTensor tensor in expected.Tensors)
        {
            Assert.True(expected.GetRows(tensor, 0, (int)tensor.RowCount).SequenceEqual(actual.GetRows(actual.GetTensor(tensor.Name), 0, (int)tensor.RowCount)), tensor.Name);
        }
    }

    /// <summary>An importance matrix that counts the first column of each matrix a thousand times the others.</summary>
    private string ImportanceOf(string model, string name, Func<int, int> width)
    {
        using GgufFile file = GgufFile.Open(model);
        ImportanceMatrix matrix = new();
        foreach (GgufTensor tensor in file.Tensors.Where(tensor => tensor.Shape.Length == 2))
        {
            float[] row = new float[width((int)tensor.RowLength)];
            Array.Fill(row, 1);
            row[0] = 1000;
            matrix.Observe(tensor.Name, row, row.Length);
        }

        matrix.Write(_folder.File(name));
        return _folder.File(name);
    }

    private static double FirstColumnError(GgufFile exact, GgufFile quantized)
    {
        using SafeFileHandle exactHandle = File.OpenHandle(exact.Path);
        using SafeFileHandle quantizedHandle = File.OpenHandle(quantized.Path);
        double error = 0;
        foreach (GgufTensor tensor in exact.Tensors.Where(tensor => tensor.Name.Contains("ffn_up", StringComparison.Ordinal)))
        {
            float[] first = new float[tensor.RowLength * tensor.RowCount];
            float[] second = new float[first.Length];
            new GgufSourceTensor(exactHandle, exact.Path, tensor).Read(0, first);
            new GgufSourceTensor(quantizedHandle, quantized.Path, quantized.GetTensor(tensor.Name)).Read(0, second);
            for (long start = 0; start < first.Length; start += tensor.RowLength) error += Math.Pow(first[start] - second[start], 2);
        }

        return error;
    }

    /// <summary>The vision file as a converter writes it that does not pad the MLP.</summary>
    private string Unpad(string path)
    {
        const string WidthKey = "clip.vision.feed_forward_length";
        const int Width = 538;
        using GgufFile file = GgufFile.Open(path);
        long padded = file.Metadata.GetUInt32(WidthKey);
        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries.Where(entry => entry.Key != WidthKey)) writer.Copy(entry);
        writer.Set(WidthKey, (uint)Width);
        foreach (GgufTensor tensor in file.Tensors)
        {
            long[] shape = [.. tensor.Shape.Select(size => size == padded ? Width : size)];
            writer.AddTensor(tensor.Name, tensor.Type, shape, (stream, _) =>
            {
                long rows = tensor.Shape.Length == 1 ? 1 : shape[1..].Aggregate(1L, (product, size) => product * size);
                for (int row = 0; row < rows; row++) stream.Write(file.GetRows(tensor, row, 1)[..(int)tensor.Type.RowByteLength(shape[0])]);
            });
        }

        writer.Write(_folder.File("unpadded.gguf"));
        return _folder.File("unpadded.gguf");
    }

    private sealed class SynchronousProgress(Action<ConversionProgress> report) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => report(value);
    }
}
