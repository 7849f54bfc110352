using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

/// <summary>
/// Masks and boxes as tokens, held against values of an independent implementation in double precision: what lies in tests/golden/training, or
/// in the folder that PALIGGUF_TRAINING_GOLDENS names.
/// </summary>
public sealed class MaskGoldenCases
{
    private static readonly string Folder =
        Environment.GetEnvironmentVariable("PALIGGUF_TRAINING_GOLDENS") is { Length: > 0 } folder ? folder : Repository.Golden("training");

    // Random weights of the true shape, which lie beside the original values only.
    private static readonly string RandomNetwork = Path.Combine(Folder, "mask-encoder", "random-vae.npz");

    // The exact weights: a few codewords are others where a vision file has smaller ones.
    private static readonly Lazy<MaskEncoder> PaliNano =
        new(() => OfArchive(Path.Combine(Repository.PaliNano, "checkpoint", "vae-oid.npz")));

    private static readonly Lazy<MaskEncoder?> RandomOne = new(() => File.Exists(RandomNetwork) ? OfArchive(RandomNetwork) : null);

    public static TheoryData<int> MaskCases => [.. Enumerable.Range(0, Read("mask-encoder/cases.json", "cases").Length)];

    public static TheoryData<int> BoxCases => [.. Enumerable.Range(0, Read("boxes.json", "boxes").Length)];

    [Theory]
    [MemberData(nameof(MaskCases))]
    public void A_mask_has_the_codewords_of_the_reference(int index)
    {
        JsonElement expected = Read("mask-encoder/cases.json", "cases")[index];
        MaskBitmap mask = Mask(expected);
        float[] sides = [.. expected.GetProperty("box_yxyx").EnumerateArray().Select(side => side.GetSingle())];
        NormalizedBox box = new(sides[0], sides[1], sides[2], sides[3]);

        float[] crop = SafetensorsArrays.Load(Path.Combine(Folder, "mask-encoder", "masks64.safetensors")).Floats($"case{index:00}.mask64");
        Assert.InRange(MaskCrop.Of(mask, box).Zip(crop, (made, given) => Math.Abs(made - given)).Max(), 0, 1e-5);
        foreach ((string network, MaskEncoder? encoder) in new[] { ("pali_nano", PaliNano.Value), ("random", RandomOne.Value) })
        {
            if (encoder is null) continue;
            JsonElement answer = expected.GetProperty(network);
            int[] codewords = encoder.Encode(mask, box);
            Assert.Equal(answer.GetProperty("seg").EnumerateArray().Select(codeword => codeword.GetInt32()), codewords);
            Assert.Equal(answer.GetProperty("text").GetString(), InstanceSuffix.Of(box, codewords));
        }
    }

    [Theory]
    [MemberData(nameof(BoxCases))]
    public void A_box_has_the_location_tokens_of_the_reference(int index)
    {
        JsonElement expected = Read("boxes.json", "boxes")[index];
        float[] sides = [.. expected.GetProperty("box_x0y0x1y1").EnumerateArray().Select(side => side.GetSingle())];
        NormalizedBox box = new PixelBox(sides[0], sides[1], sides[2], sides[3])
            .ToNormalized(expected.GetProperty("width").GetInt32(), expected.GetProperty("height").GetInt32());
        Assert.Equal(expected.GetProperty("text").GetString(), InstanceSuffix.Of(box));
    }

    private static JsonElement[] Read(string file, string list)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file)));
        return [.. json.RootElement.GetProperty(list).Clone().EnumerateArray()];
    }

    private static MaskBitmap Mask(JsonElement expected)
    {
        int width = expected.GetProperty("width").GetInt32(), height = expected.GetProperty("height").GetInt32();
        byte[] pixels = new byte[width * height];
        int position = 0;
        foreach ((int index, JsonElement run) in expected.GetProperty("mask_rle").EnumerateArray().Index())
        {
            pixels.AsSpan(position, run.GetInt32()).Fill((byte)(index % 2));
            position += run.GetInt32();
        }

        return MaskBitmap.FromPixels(width, height, pixels);
    }

    private static MaskEncoder OfArchive(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return new MaskEncoder(name =>
        {
            string source = name == MaskLayout.Codebook ? "_vq_vae._embedding" : name["mask.".Length..]
                .Replace("encoder.8.", "encoder.8.net.").Replace("encoder.9.", "encoder.9.net.");
            using MemoryStream array = new();
            using (Stream stored = archive.GetEntry(source + ".npy")!.Open()) stored.CopyTo(array);
            // NumPy's format, version 1: the header's length is at 8.
            ReadOnlySpan<byte> bytes = array.ToArray();
            return MemoryMarshal.Cast<byte, float>(bytes[(10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]))..]).ToArray();
        });
    }
}
