using System.Runtime.InteropServices;
using PaliGguf.Conversion.Sources;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Conversion.Tests;

public sealed class MaskDecoderConversionTests : IDisposable
{
    private const int Masks = 20;

    private static readonly string Published = Path.Combine(CheckpointFolder.PaliNano, "vae-oid.npz");
    private readonly CheckpointFolder _checkpoint = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();

    public void Dispose() => _checkpoint.Dispose();

    [Theory]
    [InlineData(ModelFileType.F32)]
    [InlineData(ModelFileType.Q8_0)]
    public async Task Decoder_and_encoder_go_into_the_vision_file_without_loss(ModelFileType type)
    {
        RawGguf vision = await ConvertAsync(Published, type);
        Assert.Equal(1u, vision.Metadata["paligguf.mask_decoder.version"]);
        Assert.Equal(1u, vision.Metadata["paligguf.mask_encoder.version"]);
        Assert.Equal(47, vision.Tensors.Keys.Count(name => name.StartsWith("mask.")));
        Check(vision, "mask.codebook", "_vq_vae._embedding");
        Check(vision, "mask.0.bias", "decoder.0.bias");
        Check(vision, "mask.3.4.weight", "decoder.3.net.4.weight");
        Check(vision, "mask.10.weight", "decoder.10.weight");
        Check(vision, "mask.encoder.0.weight", "encoder.0.weight");
        Check(vision, "mask.encoder.9.4.bias", "encoder.9.net.4.bias");
        Check(vision, "mask.encoder.10.weight", "encoder.10.weight");
    }

    [Fact]
    public async Task Halves_keep_their_shape_and_biases_stay_exact()
    {
        RawGguf vision = RawGguf.Read((await ConvertPairAsync(Published, ModelFileType.Q8_0, MaskType.F16)).VisionPath);
        Check(vision, "mask.codebook", GgmlType.F16, 512, 128);
        Check(vision, "mask.10.weight", GgmlType.F16, 4, 4, 16, 32);
        Check(vision, "mask.12.weight", GgmlType.F16, 1, 1, 16, 1);
        Check(vision, "mask.encoder.0.weight", GgmlType.F16, 4, 4, 1, 16);
        Check(vision, "mask.10.bias", "decoder.10.bias");
    }

    [Fact]
    public async Task Blocks_lie_along_all_that_belongs_to_a_channel()
    {
        RawGguf vision = RawGguf.Read((await ConvertPairAsync(Published, ModelFileType.F16, MaskType.Q8_0)).VisionPath);
        Check(vision, "mask.codebook", GgmlType.Q8_0, 512, 128);
        Check(vision, "mask.2.0.weight", GgmlType.Q8_0, 9 * 128, 128);
        Check(vision, "mask.10.weight", GgmlType.Q8_0, 16 * 16, 32);
        Check(vision, "mask.encoder.2.weight", GgmlType.Q8_0, 16 * 16, 32);
        Check(vision, "mask.12.weight", "decoder.12.weight");
        Check(vision, "mask.encoder.0.weight", "encoder.0.weight");
        Check(vision, "mask.10.bias", "decoder.10.bias");
        Assert.Equal(2u, vision.Metadata["general.quantization_version"]);
    }

    [Theory]
    [InlineData(MaskType.F16, 4_096_000, 0.0005, 0.02)]
    [InlineData(MaskType.Q8_0, 6_016_000, 0.002, 0.02)]
    public async Task Smaller_ones_make_the_same_masks_but_for_a_few_pixels(MaskType type, long saved, double most, double mostCodewords)
    {
        string whole = (await ConvertPairAsync(Published, ModelFileType.Q8_0, MaskType.F32)).VisionPath;
        long wholeLength = new FileInfo(whole).Length;
        (MaskDecoder Decoder, MaskEncoder Encoder) exact = (MaskDecoder.Read(whole)!, MaskEncoder.Read(whole)!);
        string small = (await ConvertPairAsync(Published, ModelFileType.Q8_0, type)).VisionPath;
        Assert.InRange(wholeLength - new FileInfo(small).Length, saved, saved + 2048);
        (MaskDecoder Decoder, MaskEncoder Encoder) rounded = (MaskDecoder.Read(small)!, MaskEncoder.Read(small)!);
        Random random = new(1);
        int differing = 0, codewords = 0;
        for (int mask = 0; mask < Masks; mask++)
        {
            int[] codes = [.. Enumerable.Range(0, MaskDecoder.Codewords).Select(_ => random.Next(MaskDecoder.CodebookLength))];
            float[] expected = exact.Decoder.Decode(codes);
            differing += expected.Zip(rounded.Decoder.Decode(codes)).Count(pair => pair.First > 0 != pair.Second > 0);
            MaskBitmap bitmap = MaskBitmap.FromPixels(
                MaskDecoder.Side, MaskDecoder.Side, [.. expected.Select(logit => (byte)(logit > 0 ? 255 : 0))]);
            NormalizedBox all = new(0, 0, 1, 1);
            codewords += exact.Encoder.Encode(bitmap, all).Zip(rounded.Encoder.Encode(bitmap, all))
                .Count(pair => pair.First != pair.Second);
        }

        Assert.InRange(differing, 1, Masks * MaskDecoder.Side * MaskDecoder.Side * most);
        Assert.InRange(codewords, 0, Masks * MaskDecoder.Codewords * mostCodewords);
    }

    [Theory]
    [InlineData(MaskType.F32, GgmlType.F32)]
    [InlineData(MaskType.F16, GgmlType.F16)]
    [InlineData(MaskType.Q8_0, GgmlType.Q8_0)]
    public async Task They_stay_as_they_are_when_the_file_is_quantized(MaskType type, GgmlType stored)
    {
        string source = (await ConvertPairAsync(Published, ModelFileType.F16, type)).VisionPath;
        string quantized = Path.Combine(_checkpoint.Output, "quantized.gguf");
        await ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = source, Output = quantized, Type = ModelFileType.Q8_0 });
        RawGguf before = RawGguf.Read(source), after = RawGguf.Read(quantized);
        Assert.Equal(stored, after.Tensors["mask.3.2.weight"].Type);
        Assert.All(before.Tensors.Where(tensor => tensor.Key.StartsWith("mask.")), tensor =>
        {
            (GgmlType kept, _, byte[] data) = after.Tensors[tensor.Key];
            Assert.Equal(tensor.Value.Type, kept);
            Assert.Equal(tensor.Value.Data, data);
        });
        Assert.NotNull(MaskDecoder.Read(quantized));
        Assert.NotNull(MaskEncoder.Read(quantized));
    }

    [Fact]
    public Task Another_type_is_refused() =>
        Assert.ThrowsAsync<ArgumentException>(() => ConvertPairAsync(Published, ModelFileType.Q8_0, (MaskType)3));

    [Fact]
    public async Task Without_one_the_vision_file_says_nothing_of_masks()
    {
        RawGguf vision = await ConvertAsync(maskDecoder: null);
        Assert.DoesNotContain("paligguf.mask_decoder.version", vision.Metadata.Keys);
        Assert.DoesNotContain(vision.Tensors.Keys, name => name.StartsWith("mask."));
    }

    [Fact]
    public async Task The_one_in_the_folder_is_found_whatever_its_name()
    {
        File.Copy(Published, _checkpoint.In("masks.npz"));
        RawNpz.Write(_checkpoint.In("other.npz"), ("x.npy", RawNpz.Array<float>("<f4", [1], 1)));
        File.WriteAllText(_checkpoint.In("broken.npz"), "broken");
        Assert.Contains("mask.codebook", (await ConvertAsync(maskDecoder: null)).Tensors.Keys);
    }

    [Theory]
    [InlineData("broken", "broken.npz")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n", "Git LFS pointer")]
    public async Task One_that_can_not_be_read_is_not_left_out_in_silence(string content, string told)
    {
        File.WriteAllText(_checkpoint.In("broken.npz"), content);
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(null));
        OneLineError.Check(error, told, "--mask-decoder");
    }

    [Fact]
    public async Task Of_several_in_the_folder_one_must_be_named()
    {
        File.Copy(Published, _checkpoint.In("a.npz"));
        File.Copy(Published, _checkpoint.In("b.npz"));
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(maskDecoder: null));
        OneLineError.Check(error, "2 mask decoders (a.npz, b.npz)", "--mask-decoder");
        Assert.Contains("mask.codebook", (await ConvertAsync(_checkpoint.In("b.npz"))).Tensors.Keys);
    }

    [Fact]
    public async Task Arrays_that_are_missing_or_unfit_are_listed_together()
    {
        string path = _checkpoint.In("vae.npz");
        RawNpz.Write(
            path,
            ("_vq_vae._embedding.npy", RawNpz.Array<float>("<f4", new float[6], 2, 3)),
            ("decoder.12.bias.npy", RawNpz.Array<float>("<f4", [1], 1)));
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(path));
        OneLineError.Check(error, "vae.npz", "23 missing, 1 unfit", "_vq_vae._embedding is [2, 3], expected [128, 512]", "missing decoder.0.weight", "and 14 more");
        Assert.False(Directory.Exists(_checkpoint.Output));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error()
    {
        ModelFormatException error = await Assert.ThrowsAsync<ModelFormatException>(() => ConvertAsync(_checkpoint.In("none.npz")));
        OneLineError.Check(error, "none.npz", "missing");
    }

    private static void Check(RawGguf vision, string name, GgmlType expected, params long[] expectedShape)
    {
        (GgmlType type, long[] shape, _) = vision.Tensors[name];
        Assert.Equal((name, expected), (name, type));
        Assert.Equal(expectedShape, shape);
    }

    private static void Check(RawGguf vision, string name, string source)
    {
        using NpzFile file = NpzFile.Open(Published, Path.GetTempPath());
        NpzArray expected = file.Array(source);
        float[] elements = new float[expected.Count];
        expected.Read(0, elements);
        (GgmlType type, long[] shape, byte[] data) = vision.Tensors[name];
        Assert.Equal(GgmlType.F32, type);
        Assert.Equal(expected.Shape.Reverse(), shape);
        Assert.True(MemoryMarshal.AsBytes(elements.AsSpan()).SequenceEqual(data));
    }

    private async Task<RawGguf> ConvertAsync(string? maskDecoder, ModelFileType type = ModelFileType.Q8_0) =>
        RawGguf.Read((await ConvertPairAsync(maskDecoder, type, MaskType.F32)).VisionPath);

    private Task<ConversionResult> ConvertPairAsync(string? maskDecoder, ModelFileType type, MaskType masks) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions
        {
            Source = _checkpoint.Path,
            OutputFolder = _checkpoint.Output,
            Type = type,
            MaskDecoder = maskDecoder,
            MaskType = masks,
        });
}
