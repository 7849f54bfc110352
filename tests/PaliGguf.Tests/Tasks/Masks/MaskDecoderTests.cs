using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

public sealed class MaskDecoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_weights_give_what_plain_loops_give()
    {
        Dictionary<string, float[]> weights = RandomWeights(seed: 1);
        MaskDecoder decoder = MaskDecoder.Read(Write(weights))!;
        NaiveMaskDecoder naive = new(name => weights[Stored(name)]);
        Random random = new(2);
        for (int mask = 0; mask < 2; mask++)
        {
            int[] codewords = [.. Enumerable.Range(0, 16).Select(_ => random.Next(128))];
            IsClose(naive.Decode(codewords), decoder.Decode(codewords));
        }
    }

    [Fact]
    public void The_shipped_weights_give_what_plain_loops_give()
    {
        string path = Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf");
        MaskDecoder decoder = MaskDecoder.Read(path)!;
        using GgufFile file = GgufFile.Open(path);
        NaiveMaskDecoder naive = new(name =>
        {
            GgufTensor tensor = file.GetTensor(Stored(name));
            float[] values = new float[tensor.RowLength * tensor.RowCount];
            GgmlRows.Dequantize(tensor.Type, file.GetRows(tensor, 0, (int)tensor.RowCount), values);
            return values;
        });
        int[] codewords = [.. Enumerable.Range(0, 16).Select(cell => cell * 29 % 128)];
        IsClose(naive.Decode(codewords), decoder.Decode(codewords));
    }

    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    public void Smaller_weights_stand_for_what_ggml_makes_of_them(GgmlType type)
    {
        Dictionary<string, float[]> weights = RandomWeights(seed: 5);
        MaskDecoder decoder = MaskDecoder.Read(Write(weights, type: type))!;
        foreach (ExpectedTensor tensor in MaskLayout.Tensors(MaskLayout.Layers).Where(tensor => TypeOf(tensor, type) == type))
            GgmlRows.Dequantize(type, Stored(weights[tensor.Name], type), weights[tensor.Name]);
        NaiveMaskDecoder naive = new(name => weights[Stored(name)]);
        int[] codewords = [.. Enumerable.Range(0, 16).Select(cell => cell * 29 % 128)];
        IsClose(naive.Decode(codewords), decoder.Decode(codewords));
    }

    [Fact]
    public async Task Threads_do_not_disturb_each_other()
    {
        MaskDecoder decoder = MaskDecoder.Read(Write(RandomWeights(seed: 3)))!;
        int[][] masks = [.. Enumerable.Range(0, 16).Select(first => Enumerable.Range(first * 7, 16).Select(code => code % 128).ToArray())];
        float[][] alone = [.. masks.Select(codewords => decoder.Decode(codewords))];
        float[][] together = await Task.WhenAll(masks.Select(codewords => Task.Run(() => decoder.Decode(codewords))));
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Decoding_into_a_buffer_allocates_nothing()
    {
        MaskDecoder decoder = MaskDecoder.Read(Write(RandomWeights(seed: 4)))!;
        float[] logits = new float[64 * 64];
        int[] codewords = new int[16];
        // The runtime allocates on this thread too, when it compiles a method anew; but not every time.
        long least = long.MaxValue;
        for (int run = 0; run < 20; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Decode(codewords, logits);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void A_file_without_a_decoder_is_no_error()
    {
        string path = _folder.File("plain.gguf");
        GgufWriter writer = new();
        writer.Set("general.architecture", "clip");
        writer.Write(path);
        Assert.Null(MaskDecoder.Read(path));
    }

    [Fact]
    public void A_decoder_of_a_later_version_is_refused()
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => MaskDecoder.Read(Write(RandomWeights(seed: 1), version: 2)));
        Assert.Contains("paligguf.mask_decoder.version is 2", error.Message);
    }

    [Fact]
    public void A_decoder_with_missing_or_unfit_tensors_is_refused_with_their_names()
    {
        Dictionary<string, float[]> weights = RandomWeights(seed: 1);
        weights.Remove("mask.2.4.bias");
        weights["mask.12.bias"] = new float[2];
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => MaskDecoder.Read(Write(weights)));
        Assert.Contains("mask.2.4.bias is missing", error.Message);
        Assert.Contains("mask.12.bias is [2], expected [1]", error.Message);
    }

    [Theory]
    [InlineData("mask.2.0.weight", GgmlType.Q4_0, "mask.2.0.weight is Q4_0, expected F32, F16 or Q8_0", 1152, 128)]
    [InlineData("mask.2.0.weight", GgmlType.Q8_0, "mask.2.0.weight is [128, 1152], expected [1152, 128]", 128, 1152)]
    [InlineData("mask.2.0.weight", GgmlType.F16, "mask.2.0.weight is [1152, 128], expected [3, 3, 128, 128]", 1152, 128)]
    [InlineData("mask.12.weight", GgmlType.Q8_0, "mask.12.weight is [32], expected [16, 1]", 32)]
    [InlineData("mask.codebook", GgmlType.BF16, "mask.codebook is BF16, expected F32, F16 or Q8_0", 512, 128)]
    [InlineData("mask.codebook", GgmlType.I32, "mask.codebook is I32, which no weights are stored in", 512, 128)]
    [InlineData("mask.0.bias", GgmlType.F16, "mask.0.bias is F16, expected F32", 128)]
    [InlineData("mask.0.bias", GgmlType.Q8_0, "mask.0.bias is Q8_0, expected F32", 128)]
    public void A_type_or_a_shape_that_goes_with_no_type_is_refused(string name, GgmlType type, string problem, params int[] shape)
    {
        string path = new GgufEdits().WithTensor(name, type, [.. shape.Select(size => (long)size)])
            .Write(Write(RandomWeights(seed: 1)), _folder.File("unfit.gguf"));
        Assert.Contains(problem, Assert.Throws<ModelFormatException>(() => MaskDecoder.Read(path)).Message);
    }

    [Fact]
    public void A_file_that_ends_within_a_block_is_refused()
    {
        string path = new GgufEdits().WithTensor("mask.10.weight", GgmlType.Q8_0, 256, 32)
            .Write(Write(RandomWeights(seed: 1)), _folder.File("short.gguf"));
        Assert.NotNull(MaskDecoder.Read(path));
        using (FileStream file = File.OpenWrite(path)) file.SetLength(file.Length - 1);
        Assert.Contains("truncated", Assert.Throws<ModelFormatException>(() => MaskDecoder.Read(path)).Message);
    }

    [Fact]
    public void Blocks_whose_scale_is_no_number_make_some_mask()
    {
        string path = new GgufEdits { Fill = 0xFF }.WithTensor("mask.codebook", GgmlType.Q8_0, 512, 128)
            .Write(Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf"), _folder.File("nan.gguf"));
        MaskBitmap mask = MaskBitmap.FromPixels(2, 1, [1, 0]);
        int[] codewords = MaskEncoder.Read(path)!.Encode(mask, new NormalizedBox(0, 0, 1, 1));
        Assert.All(codewords, codeword => Assert.InRange(codeword, 0, 127));
        Assert.Equal(64 * 64, MaskDecoder.Read(path)!.Decode(codewords).Length);
    }

    [Fact]
    public void Codewords_out_of_range_are_refused()
    {
        MaskDecoder decoder = MaskDecoder.Read(Write(RandomWeights(seed: 1)))!;
        Assert.Throws<ArgumentException>(() => decoder.Decode(new int[15]));
        Assert.Throws<ArgumentException>(() => decoder.Decode([.. Enumerable.Range(113, 16)]));
        Assert.Throws<ArgumentException>(() => decoder.Decode([-1, .. new int[15]]));
        Assert.Throws<ArgumentException>(() => decoder.Decode(new int[16], new float[64]));
    }

    private static void IsClose(double[] expected, float[] actual)
    {
        Assert.Equal(64 * 64, actual.Length);
        Assert.InRange(expected.Max(Math.Abs), 0.1, 100);
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max(), 0, 1e-4);
    }

    /// <summary>The name in a GGUF file of a tensor of the checkpoint.</summary>
    private static string Stored(string name) =>
        name == "_vq_vae._embedding" ? "mask.codebook" : name.Replace("decoder.", "mask.").Replace(".net.", ".");

    /// <summary>Of a size that keeps the values of all layers near 1.</summary>
    private static Dictionary<string, float[]> RandomWeights(int seed)
    {
        Random random = new(seed);
        return MaskLayout.Tensors(MaskLayout.Layers).ToDictionary(tensor => tensor.Name, tensor =>
        {
            float[] values = new float[tensor.Shape.Aggregate(1L, (product, size) => product * size)];
            double inputs = tensor.Name.StartsWith("mask.codebook") || tensor.Shape.Length == 1 ? 3 : tensor.Shape.Length == 4 ? values.Length / (double)Outputs(tensor) : 1;
            for (int i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() - 0.5) * Math.Sqrt(24 / inputs));
            return values;
        });

        // A transposed convolution has its outputs in the third dimension, and only a quarter of its kernel meets each of them.
        static long Outputs(ExpectedTensor tensor) => tensor.Shape[0] == 4 ? 4 * tensor.Shape[2] : tensor.Shape[3];
    }

    private static GgmlType TypeOf(ExpectedTensor tensor, GgmlType wanted) =>
        tensor.OrSmaller && tensor.ShapeIn(wanted)[0] % wanted.BlockSize == 0 ? wanted : GgmlType.F32;

    private static byte[] Stored(float[] values, GgmlType type)
    {
        byte[] stored = new byte[type.RowByteLength(values.Length)];
        GgmlRows.Quantize(type, values, values.Length, [], stored);
        return stored;
    }

    private string Write(Dictionary<string, float[]> weights, uint version = 1, GgmlType type = GgmlType.F32)
    {
        string path = _folder.File("decoder.gguf");
        GgufWriter writer = new();
        writer.Set("general.architecture", "clip");
        writer.Set("paligguf.mask_decoder.version", version);
        foreach (ExpectedTensor tensor in MaskLayout.Tensors(MaskLayout.Layers))
        {
            if (!weights.TryGetValue(tensor.Name, out float[]? values)) continue;
            GgmlType own = TypeOf(tensor, type);
            long[] shape = tensor.Shape.Length == 1 ? [values.Length] : [.. tensor.ShapeIn(own)];
            writer.AddTensor(tensor.Name, own, shape, (stream, _) => stream.Write(Stored(values, own)));
        }

        writer.Write(path);
        return path;
    }
}
