using System.Diagnostics;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

public sealed class GgufMetadataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_are_read_by_key()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("s", "text");
            writer.Set("f", 1.5f);
            writer.Set("b", true);
            writer.SetArray("ss", ["a", "", "c"]);
            writer.SetArray<float>("ff", [1, 2]);
            writer.SetArray<int>("ii", [-1, 2]);
            writer.SetArray<uint>("uu", [1, uint.MaxValue]);
        });
        GgufMetadata metadata = file.Metadata;
        Assert.Equal(["s", "f", "b", "ss", "ff", "ii", "uu"], metadata.Keys);
        Assert.Equal("text", metadata.GetString("s"));
        Assert.Equal(1.5f, metadata.GetSingle("f"));
        Assert.True(metadata.GetBoolean("b"));
        Assert.Equal(["a", "", "c"], metadata.GetStringArray("ss"));
        Assert.Equal([1, 2], metadata.GetSingleArray("ff").ToArray());
        Assert.Equal([-1, 2], metadata.GetInt32Array("ii").ToArray());
        Assert.Equal([1, uint.MaxValue], metadata.GetUInt32Array("uu").ToArray());
    }

    [Fact]
    public void A_whole_number_may_be_stored_in_any_integer_type()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("u8", (byte)7);
            writer.Set("i8", (sbyte)7);
            writer.Set("u16", (ushort)7);
            writer.Set("i16", (short)7);
            writer.Set("u32", 7u);
            writer.Set("i32", 7);
            writer.Set("u64", 7UL);
            writer.Set("i64", 7L);
        });
        Assert.All(file.Metadata.Keys, key =>
        {
            Assert.Equal(7u, file.Metadata.GetUInt32(key));
            Assert.Equal(7, file.Metadata.GetInt32(key));
            Assert.Equal(7UL, file.Metadata.GetUInt64(key));
        });
    }

    [Fact]
    public void A_whole_number_out_of_range_is_an_error_that_shows_it()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("negative", -1);
            writer.Set("large", 1L << 32);
            writer.Set("largest", ulong.MaxValue);
        });
        Assert.Equal("the key 'negative' is -1; expected 0 to 4294967295.", Fault(() => file.Metadata.GetUInt32("negative")));
        Assert.Equal("the key 'large' is 4294967296; expected 0 to 4294967295.", Fault(() => file.Metadata.GetUInt32("large")));
        Assert.Equal("the key 'largest' is 18446744073709551615; expected -2147483648 to 2147483647.", Fault(() => file.Metadata.GetInt32("largest")));
        Assert.Equal(ulong.MaxValue, file.Metadata.GetUInt64("largest"));
    }

    [Fact]
    public void A_missing_key_is_absent_or_an_error_that_names_it()
    {
        using GgufFile file = Open(writer => writer.Set("Key", 1u));
        Assert.False(file.Metadata.Contains("key"));
        Assert.False(file.Metadata.TryGetString("key", out _));
        Assert.False(file.Metadata.TryGetUInt32("key", out _));
        Assert.False(file.Metadata.TryGetSingle("key", out _));
        Assert.False(file.Metadata.TryGetBoolean("key", out _));
        Assert.Equal("the key 'key' (uint32) is missing.", Fault(() => file.Metadata.GetUInt32("key")));
        Assert.Equal("the key 'key' (array of string) is missing.", Fault(() => file.Metadata.GetStringArray("key")));
    }

    [Fact]
    public void A_value_of_another_type_is_an_error_even_where_the_key_is_optional()
    {
        using GgufFile file = Open(writer =>
        {
            writer.Set("number", 1u);
            writer.Set("text", "1");
            writer.Set("truth", true);
            writer.SetArray<double>("doubles", [1]);
        });
        Assert.Equal("the key 'number' is of type uint32; expected string.", Fault(() => file.Metadata.TryGetString("number", out _)));
        Assert.Equal("the key 'text' is of type string; expected uint32.", Fault(() => file.Metadata.TryGetUInt32("text", out _)));
        Assert.Equal("the key 'truth' is of type bool; expected uint32.", Fault(() => file.Metadata.GetUInt32("truth")));
        Assert.Equal("the key 'number' is of type uint32; expected float32.", Fault(() => file.Metadata.GetSingle("number")));
        Assert.Equal("the key 'doubles' is of type array of float64; expected array of float32.", Fault(() => file.Metadata.GetSingleArray("doubles")));
        Assert.Equal("the key 'doubles' is of type array of float64; expected array of string.", Fault(() => file.Metadata.GetStringArray("doubles")));
    }

    [Fact]
    public void Integers_of_both_signs_are_not_mistaken_for_each_other()
    {
        using GgufFile file = Open(writer => writer.SetArray<uint>("u", [1]));
        Fault(() => file.Metadata.GetInt32Array("u"));
        Assert.IsType<System.Collections.ObjectModel.ReadOnlyCollection<uint>>(file.Metadata.Entries[0].Value);
    }

    [Fact]
    public void Strings_that_are_not_UTF8_read_with_replacements_and_are_copied_unchanged()
    {
        byte[] bytes = [0x61, 0xFF, 0x62];
        byte[] original = new GgufBytes().Entry("s", 8, GgufBytes.Text(bytes)).Array("a", 8, 1, GgufBytes.Text(bytes)).ToArray();
        using GgufFile file = GgufFile.Open(_folder.Write("raw.gguf", original));
        Assert.Equal("a\uFFFDb", file.Metadata.GetString("s"));
        Assert.Equal(["a\uFFFDb"], file.Metadata.GetStringArray("a"));

        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries) writer.Copy(entry);
        writer.Write(_folder.File("copy.gguf"));
        Assert.Equal(original, File.ReadAllBytes(_folder.File("copy.gguf")).AsSpan(0, original.Length));
    }

    [Fact]
    public void Strings_can_be_read_as_they_are_stored_into_one_block()
    {
        byte[] original = new GgufBytes().Array("a", 8, 4, [.. GgufBytes.Text([0x62, 0x63]), .. GgufBytes.Text([]), .. GgufBytes.Text([0xFF]), .. GgufBytes.Text([0xC3, 0xA9])]).Array("i", 5, 1, new byte[4]).ToArray();
        using GgufFile file = GgufFile.Open(_folder.Write("m.gguf", original));
        (byte[] bytes, int[] starts) = file.Metadata.ReadStrings("a");
        Assert.Equal([0x62, 0x63, 0xFF, 0xC3, 0xA9], bytes);
        Assert.Equal([0, 2, 2, 3, 5], starts);
        Assert.Equal("the key 'b' (array of string) is missing.", Fault(() => file.Metadata.ReadStrings("b")));
        Assert.Equal("the key 'i' is of type array of int32; expected array of string.", Fault(() => file.Metadata.ReadStrings("i")));
    }

    [Fact]
    public void A_vocabulary_of_a_real_model_loads_quickly()
    {
        string path = GgufSamples.Realistic(_folder, tokens: 257_216);
        GgufFile.Open(path).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        using GgufFile file = GgufFile.Open(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Equal(257_216, file.Metadata.GetStringArray("tokenizer.ggml.tokens").Count);
        Assert.Equal(257_216, file.Metadata.GetSingleArray("tokenizer.ggml.scores").Length);
        Assert.Equal("\u2581piece257215", file.Metadata.GetStringArray("tokenizer.ggml.tokens")[^1]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);

        // Some 15 ms on an idle machine; this only tells it from a quadratic one.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    [Fact]
    public void Numbers_outlive_the_file_and_strings_do_not()
    {
        GgufFile file = Open(writer =>
        {
            writer.Set("n", 5u);
            writer.Set("s", "text");
        });
        file.Dispose();
        Assert.Equal(5u, file.Metadata.GetUInt32("n"));
        Assert.Throws<ObjectDisposedException>(() => file.Metadata.GetString("s"));
    }

    private string Fault(Action read)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(read);
        Assert.Equal(_folder.File("m.gguf"), error.Path);
        return error.Problem;
    }

    private GgufFile Open(Action<GgufWriter> fill)
    {
        GgufWriter writer = new();
        fill(writer);
        writer.Write(_folder.File("m.gguf"));
        return GgufFile.Open(_folder.File("m.gguf"));
    }
}
