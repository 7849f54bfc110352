using System.Text;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>What can be wrong with a file, one fault at a time; each is an error of one line that names the file and says what was found.</summary>
public sealed class GgufFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_sound_file_opens()
    {
        using GgufFile file = GgufFile.Open(_folder.Write("m.gguf", Sound().ToArray()));
        Assert.Equal((3u, 32u, 2), (file.Version, file.Alignment, file.Tensors.Count));
    }

    [Fact]
    public void Version_2_opens()
    {
        GgufBytes bytes = Sound();
        bytes.Version = 2;
        using GgufFile file = GgufFile.Open(_folder.Write("m.gguf", bytes.ToArray()));
        Assert.Equal(2u, file.Version);
        Assert.Equal("x", file.Metadata.GetString("name"));
        Assert.Equal(8, file.GetTensor("b").ByteLength);
    }

    [Fact]
    public void No_file() =>
        Assert.Contains("nothing.gguf", Assert.Throws<FileNotFoundException>(() => GgufFile.Open(_folder.File("nothing.gguf"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_folder() => Assert.Throws<FileNotFoundException>(() => GgufFile.Open(_folder.File("no/where.gguf")));

    [Fact]
    public void A_folder() => Assert.Contains("folder", Assert.Throws<ModelFormatException>(() => GgufFile.Open(_folder.Path)).Problem, StringComparison.Ordinal);

    [Fact]
    public void An_empty_file() => Refuses([], "is empty");

    [Fact]
    public void Another_format() => Refuses("<html>this is not a model</html>"u8.ToArray(), "not a GGUF file");

    [Fact]
    public void Shorter_than_the_magic() => Refuses("GG"u8.ToArray(), "not a GGUF file");

    [Fact]
    public void Version_1() => Refuses(new GgufBytes { Version = 1 }, "version 1");

    [Fact]
    public void Version_4() => Refuses(new GgufBytes { Version = 4 }, "version 4 is unknown");

    [Fact]
    public void Version_0() => Refuses(new GgufBytes { Version = 0 }, "version 0 is unknown");

    [Fact]
    public void Big_endian() => Refuses(new GgufBytes { Version = 3u << 24 }, "big-endian");

    [Theory]
    [InlineData(1UL)]
    [InlineData(60_000UL)]
    [InlineData(1UL << 32)]
    [InlineData(1UL << 60)]
    [InlineData(ulong.MaxValue)]
    public void More_entries_than_the_file_can_hold(ulong count) => Refuses(new GgufBytes { EntryCount = count }, $"claims {count} metadata entries");

    [Theory]
    [InlineData(1UL)]
    [InlineData(60_000UL)]
    [InlineData(0x0AAA_AAAA_AAAA_AAABUL)]
    [InlineData(1UL << 63)]
    public void More_tensors_than_the_file_can_hold(ulong count) => Refuses(new GgufBytes { TensorCount = count }, $"claims {count} tensors");

    [Fact]
    public void An_empty_key() => Refuses(new GgufBytes().UInt32("", 1), "the key '' is empty");

    [Fact]
    public void A_key_of_65536_bytes() => Refuses(new GgufBytes().UInt32(new string('k', 65536), 1), "the key has 65536 bytes");

    [Fact]
    public void A_key_whose_length_is_negative() =>
        Refuses([.. new GgufBytes { EntryCount = 1 }.ToArray(), .. BitConverter.GetBytes(-1L), .. new byte[64]], "the key has 18446744073709551615 bytes");

    [Fact]
    public void A_key_that_is_not_UTF8() => Refuses(new GgufBytes().Entry([0x6B, 0xFF], 7, [0]), "is not UTF-8");

    [Theory]
    [InlineData("a\0b")]
    [InlineData("two\nlines")]
    [InlineData("two\u2028lines")]
    public void A_key_with_control_characters(string key) => Refuses(new GgufBytes().UInt32(key, 1), "has control characters");

    [Fact]
    public void A_key_twice() => Refuses(new GgufBytes().UInt32("same", 1).UInt32("same", 2), "'same' is there twice");

    [Fact]
    public void More_bytes_of_keys_than_are_supported()
    {
        GgufBytes bytes = new();
        for (int i = 0; i < 66; i++) bytes.UInt32($"{i:00}" + new string('k', 65000), 1);
        Refuses(bytes, "the keys up to here");
    }

    [Theory]
    [InlineData(13u)]
    [InlineData(255u)]
    [InlineData(uint.MaxValue)]
    public void A_value_of_an_unknown_type(uint type) => Refuses(new GgufBytes().Entry("key", type, new byte[16]), "unknown type");

    [Fact]
    public void An_array_of_an_unknown_type() => Refuses(new GgufBytes().Array("key", 13, 1, new byte[16]), "unknown type 13");

    [Fact]
    public void An_array_of_arrays() => Refuses(new GgufBytes().Array("key", 9, 1, new byte[32]), "arrays for elements");

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void A_bool_that_is_neither(byte value)
    {
        Refuses(new GgufBytes().Entry("key", 7, value), $"is {value}; expected 0 or 1");
        Refuses(new GgufBytes().Array("key", 7, 3, 0, 1, value), $"is {value}; expected 0 or 1");
    }

    [Theory]
    [InlineData(1UL << 61)]
    [InlineData(1UL << 62)]
    [InlineData(ulong.MaxValue)]
    [InlineData((1UL << 62) + 1)]
    public void An_array_whose_size_overflows(ulong count) => Refuses(new GgufBytes().Array("key", 4, count, new byte[4]), $"claims {count} elements");

    [Theory]
    [InlineData(6u)]
    [InlineData(7u)]
    [InlineData(8u)]
    [InlineData(12u)]
    public void An_array_longer_than_the_file(uint elementType) => Refuses(new GgufBytes().Array("key", elementType, 100_000_000, new byte[24]), "truncated");

    [Theory]
    [InlineData(1000UL, "truncated")]
    [InlineData(1UL << 40, "claims")]
    [InlineData(ulong.MaxValue, "claims")]
    public void A_string_longer_than_the_file(ulong length, string problem)
    {
        Refuses(new GgufBytes().Entry("key", 8, BitConverter.GetBytes(length)), problem);
        Refuses(new GgufBytes().Array("key", 8, 1, BitConverter.GetBytes(length)), problem);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(24u)]
    [InlineData(0x8000_0000u)]
    [InlineData(1u << 21)]
    public void An_alignment_that_is_no_power_of_two_or_out_of_range(uint alignment) =>
        Refuses(new GgufBytes().UInt32("general.alignment", alignment), $"general.alignment is {alignment}; expected a power of two");

    [Fact]
    public void An_alignment_of_another_type() =>
        Refuses(new GgufBytes().Entry("general.alignment", 10, BitConverter.GetBytes(32UL)), "general.alignment is of type uint64; expected uint32");

    [Fact]
    public void An_empty_tensor_name() => RefusesTensor(bytes => bytes.Tensor("", [1]), "the name '' is empty");

    [Fact]
    public void A_tensor_name_of_64_bytes() => RefusesTensor(bytes => bytes.Tensor(new string('t', 64), [1]), "the name has 64 bytes");

    [Fact]
    public void A_tensor_name_with_a_zero_in_it() => RefusesTensor(bytes => bytes.Tensor("a\0b", [1]), "has control characters");

    [Fact]
    public void A_tensor_name_twice() => RefusesTensor(bytes => bytes.Tensor("t", [8]).Tensor("t", [8], offset: 32), "'t' is there twice");

    [Fact]
    public void No_dimensions() => RefusesTensor(bytes => bytes.Tensor("t", []), "0 dimensions");

    [Fact]
    public void Five_dimensions() => RefusesTensor(bytes => bytes.Tensor("t", [1, 1, 1, 1, 1]), "5 dimensions");

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void A_dimension_out_of_range(ulong dimension) => RefusesTensor(bytes => bytes.Tensor("t", [1, dimension]), $"dimension 1 of t is {dimension}");

    [Theory]
    [InlineData(4u)]
    [InlineData(36u)]
    [InlineData(43u)]
    [InlineData(uint.MaxValue)]
    public void An_unknown_tensor_type(uint type) => RefusesTensor(bytes => bytes.Tensor("odd"u8.ToArray(), [32], type, 0), $"odd has the unknown type number {type}");

    [Fact]
    public void Rows_of_broken_blocks() =>
        RefusesTensor(bytes => bytes.Tensor("t", [33], GgmlType.Q8_0), "the rows of t have 33 elements; expected a multiple of 32 for Q8_0");

    [Theory]
    [InlineData(1UL << 31, 1UL << 31, 4UL)]
    [InlineData(1UL << 62, 1UL, 1UL)]
    [InlineData((1UL << 62) + 32, 4UL, 1UL)]
    [InlineData(1UL << 32, 1UL << 16, 1UL << 16)]
    public void A_size_that_overflows(ulong x, ulong y, ulong z) => RefusesTensor(bytes => bytes.Tensor("t", [x, y, z]), "beyond 63 bits");

    [Fact]
    public void An_element_count_that_overflows_while_the_bytes_fit() =>
        RefusesTensor(bytes => bytes.Tensor("t", [1UL << 32, 1UL << 31], GgmlType.Q4_0), "beyond 63 bits");

    [Fact]
    public void A_tensor_larger_than_the_file() => RefusesTensor(bytes => bytes.Tensor("t", [1 << 20, 1 << 20]), "the file ends at byte");

    [Fact]
    public void A_tensor_one_byte_larger_than_the_file()
    {
        byte[] bytes = Sound().ToArray();
        Refuses(bytes[..^1], "b has 8 bytes");
    }

    [Fact]
    public void No_data_at_all() => RefusesTensor(bytes => bytes.Tensor("t", [1]).DataBytes = 0, "the file ends at byte");

    [Theory]
    [InlineData(1UL, "not a multiple of the alignment 32")]
    [InlineData(32UL, "gap")]
    [InlineData(ulong.MaxValue - 31, "gap")]
    [InlineData(ulong.MaxValue, "not a multiple")]
    public void An_offset_of_the_first_tensor(ulong offset, string problem) => RefusesTensor(bytes => bytes.Tensor("t", [8], offset: offset), problem);

    [Fact]
    public void Overlapping_tensors() => RefusesTensor(bytes => bytes.Tensor("a", [8]).Tensor("b", [8]), "data offset of b is 0, where another tensor lies; expected 32");

    [Fact]
    public void Tensors_out_of_order() => RefusesTensor(bytes => bytes.Tensor("b", [8], offset: 32).Tensor("a", [8]), "data offset of b is 32, which leaves a gap");

    [Fact]
    public void Messages_stay_one_short_line_whatever_the_names()
    {
        ModelFormatException error = Refuses(new GgufBytes().UInt32(new string('\n', 60_000), 1), "has control characters");
        Assert.DoesNotContain('\n', error.Message);
        Assert.True(error.Message.Length < 400);
    }

    private static GgufBytes Sound() => new GgufBytes { DataBytes = 40 }
        .Entry("name", 8, GgufBytes.Text(Encoding.UTF8.GetBytes("x")))
        .Tensor("a", [2, 4])
        .Tensor("b", [2], offset: 32);

    private void RefusesTensor(Action<GgufBytes> add, string problem)
    {
        GgufBytes bytes = new() { DataBytes = 64 };
        add(bytes);
        Refuses(bytes, problem);
    }

    private ModelFormatException Refuses(GgufBytes bytes, string problem) => Refuses(bytes.ToArray(), problem);

    private ModelFormatException Refuses(byte[] bytes, string problem)
    {
        string path = _folder.Write("bad.gguf", bytes);
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => GgufFile.Open(path));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }
}
