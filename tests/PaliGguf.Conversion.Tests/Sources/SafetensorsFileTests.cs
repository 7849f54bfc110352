using System.Buffers.Binary;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Sources;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tensors_are_read_whole_and_in_pieces()
    {
        float[] values = Enumerable.Range(0, 200_000).Select(i => i * 0.5f).ToArray();
        string path = _folder.File("a.safetensors");
        RawSafetensors.Write(path, new Dictionary<string, RawTensor>
        {
            ["first"] = new("F32", [1], RawSafetensors.Bytes(7)),
            ["second"] = new("F32", [2, 100_000], RawSafetensors.Bytes(values)),
            ["empty"] = new("BF16", [0, 4], []),
        });

        using SafetensorsFile file = SafetensorsFile.Open(path);

        SafetensorsTensor tensor = file.Tensors.Single(tensor => tensor.Name == "second");
        Assert.Equal([2, 100_000], tensor.Shape);
        float[] read = new float[values.Length];
        tensor.Read(0, read);
        Assert.Equal(values, read);
        tensor.Read(99_998, read.AsSpan(0, 4));
        Assert.Equal(values[99_998..100_002], read[..4]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Read(199_999, new float[2]));
    }

    [Fact]
    public void Every_type_of_the_format_has_its_size()
    {
        foreach (string type in new[] { "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "I16", "U16", "F16", "BF16", "I32", "U32", "F32", "F64", "I64", "U64" })
        {
            int size = type is "BOOL" || type.EndsWith('8') || type.StartsWith("F8", StringComparison.Ordinal) ? 1 : int.Parse(type.TrimStart('B', 'F', 'I', 'U')) / 8;
            using SafetensorsFile file = Open(Header("t", RawSafetensors.Entry(type, [3], 0, 3 * size)), new byte[3 * size]);
            Assert.Equal(3, file.Tensors.Single().Count);
        }
    }

    [Theory]
    [InlineData("F4", "unknown dtype F4")]
    [InlineData("float32", "unknown dtype float32")]
    [InlineData("11", "unknown dtype 11")]
    [InlineData("f32", "unknown dtype f32")]
    [InlineData("F32\n", "unknown dtype F32?")]
    public void An_unknown_type_is_refused(string type, string message) =>
        Refused(Header("t", RawSafetensors.Entry(type, [1], 0, 4)), new byte[4], "tensor t", message);

    [Fact]
    public void Offsets_outside_the_file_are_refused() =>
        Refused(Header("t", RawSafetensors.Entry("F32", [4], 0, 16)), new byte[12], "ends at byte 16", "only 12");

    [Fact]
    public void Overlapping_tensors_are_refused() => Refused(
        new JsonObject { ["a"] = RawSafetensors.Entry("F32", [2], 0, 8), ["b"] = RawSafetensors.Entry("F32", [2], 4, 12) }.ToJsonString(),
        new byte[12],
        "inside another tensor");

    [Fact]
    public void Holes_between_tensors_are_refused() => Refused(
        new JsonObject { ["a"] = RawSafetensors.Entry("F32", [1], 0, 4), ["b"] = RawSafetensors.Entry("F32", [1], 8, 12) }.ToJsonString(),
        new byte[12],
        "begins at byte 8");

    [Fact]
    public void Bytes_after_the_last_tensor_are_refused() =>
        Refused(Header("t", RawSafetensors.Entry("F32", [1], 0, 4)), new byte[5], "end at byte 4");

    [Fact]
    public void Offsets_in_the_wrong_order_are_refused() =>
        Refused(Header("t", RawSafetensors.Entry("F32", [1], 4, 0)), new byte[4], "data_offsets [4, 0]");

    [Fact]
    public void A_size_that_does_not_fit_the_shape_is_refused() =>
        Refused(Header("t", RawSafetensors.Entry("BF16", [2, 3], 0, 16)), new byte[16], "16 bytes", "takes 12");

    [Theory]
    [InlineData("[9223372036854775807, 9223372036854775807]")]
    [InlineData("[4294967296, 4294967296, 1]")]
    [InlineData("[2305843009213693952, 4, 1]")]
    public void A_shape_whose_product_overflows_is_refused(string shape) =>
        Refused("""{"t":{"dtype":"F32","data_offsets":[0,0],"shape":""" + shape + "}}", [], "larger than any file");

    [Theory]
    [InlineData("""{"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "shape")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "shape")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", "data_offsets")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,2,4]}}""", "data_offsets [0, 2, 4]")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "more than 8")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1]}}""", "lacks")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", "twice")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", "unknown field more")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "appears twice")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", "not valid JSON")]
    [InlineData("""{"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x""", "not valid JSON")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "not valid JSON")]
    [InlineData("""{"t":[[[[[[[[[[[[1]]]]]]]]]]]]}""", "not valid JSON")]
    [InlineData("""[]""", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    public void A_malformed_header_is_refused(string header, string message) => Refused(header, new byte[4], message);

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(1000UL)]
    public void A_header_longer_than_the_file_is_refused_before_it_is_read(ulong length)
    {
        byte[] content = RawSafetensors.Join("{}", []);
        BinaryPrimitives.WriteUInt64LittleEndian(content, length);
        string path = _folder.Write("a.safetensors", content);
        OneLineError.Check(() => SafetensorsFile.Open(path), path, $"{length}");
    }

    [Fact]
    public void A_header_over_the_limit_is_refused_even_when_the_file_is_as_long()
    {
        string path = _folder.File("a.safetensors");
        using (FileStream stream = File.Create(path))
        {
            byte[] prefix = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, 100_000_001);
            stream.Write(prefix);
            stream.SetLength(200_000_000);
        }

        OneLineError.Check(() => SafetensorsFile.Open(path), path, "100000001");
    }

    [Fact]
    public void A_tensor_beyond_two_gigabytes_is_read_at_any_place()
    {
        const long Count = 600_000_000;
        string path = _folder.File("big.safetensors");
        byte[] head = RawSafetensors.Join(Header("t", RawSafetensors.Entry("F32", [600_000, 1000], 0, Count * 4)), []);
        using (FileStream stream = File.Create(path))
        {
            stream.Write(head);
            stream.SetLength(head.Length + (Count * 4));
            stream.Seek(-4, SeekOrigin.End);
            stream.Write(RawSafetensors.Bytes(42));
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] read = new float[2];
        file.Tensors.Single().Read(Count - 2, read);
        Assert.Equal([0, 42], read);
    }

    [Fact]
    public void A_file_that_shrinks_while_it_is_read_is_an_error()
    {
        string path = _folder.Write("a.safetensors", RawSafetensors.Join(Header("t", RawSafetensors.Entry("F32", [4], 0, 16)), new byte[16]));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using (FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(stream.Length - 3);
        OneLineError.Check(() => file.Tensors.Single().Read(0, new float[4]), path, "became shorter while it was read");
    }

    [Fact]
    public void Any_damage_to_the_header_is_refused_or_harmless()
    {
        string sound = Path.Combine(CheckpointFolder.Gemma2, "model.safetensors");
        byte[] original = File.ReadAllBytes(sound);
        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(original);
        string path = _folder.Write("a.safetensors", original);
        Gen<(int Place, byte Value)> damage = Gen.Choose(0, header - 1).SelectMany(place => Gen.Choose(0, 255).Select(value => (place, (byte)value)));
        Prop.ForAll(damage.ToArbitrary(), flip =>
        {
            using (FileStream stream = new(path, FileMode.Open, FileAccess.Write))
            {
                stream.Seek(flip.Place, SeekOrigin.Begin);
                stream.WriteByte(flip.Value);
            }

            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                Assert.All(file.Tensors, tensor => Assert.InRange(tensor.Count, 0, original.Length));
            }
            catch (ModelFormatException e)
            {
                OneLineError.Check(e, path);
            }
            finally
            {
                using FileStream stream = new(path, FileMode.Open, FileAccess.Write);
                stream.Seek(flip.Place, SeekOrigin.Begin);
                stream.WriteByte(original[flip.Place]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static string Header(string name, JsonObject entry) => new JsonObject { [name] = entry }.ToJsonString();

    private SafetensorsFile Open(string header, byte[] data) => SafetensorsFile.Open(_folder.Write("a.safetensors", RawSafetensors.Join(header, data)));

    private void Refused(string header, byte[] data, params string[] contained) =>
        OneLineError.Check(() => Open(header, data), [_folder.File("a.safetensors"), .. contained]);
}
