using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

public sealed class GgufWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GgufWriter _writer = new();

    private string Target => _folder.File("m.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bytes_are_those_of_the_format()
    {
        _writer.Set("k", 7u);
        GgufSamples.AddTensor(_writer, "a", GgmlType.F32, 2, 4);
        GgufSamples.AddTensor(_writer, "b", GgmlType.F32, 8);
        _writer.Write(Target);
        byte[] expected = new GgufBytes { DataBytes = 32 }.UInt32("k", 7).Tensor("a", [2, 4]).Tensor("b", [8], offset: 32).ToArray();
        Assert.Equal([.. expected, .. GgufSamples.Counting(32)], File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_file_may_be_empty()
    {
        _writer.Write(Target);
        using GgufFile file = GgufFile.Open(Target);
        Assert.Equal((0, 0), (file.Metadata.Entries.Count, file.Tensors.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\uD800")]
    public void Unfit_names_are_refused(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => _writer.Set(name, 1));
        Assert.ThrowsAny<ArgumentException>(() => _writer.AddTensor(name, GgmlType.F32, [1], Nothing));
    }

    [Fact]
    public void Long_names_are_refused_by_their_bytes()
    {
        _writer.Set(new string('k', 65535), 1);
        _writer.AddTensor(new string('t', 63), GgmlType.F32, [1], Nothing);
        Assert.Throws<ArgumentException>(() => _writer.Set(new string('k', 65536), 1));
        Assert.Throws<ArgumentException>(() => _writer.AddTensor(new string('\u00E9', 32), GgmlType.F32, [1], Nothing));
    }

    [Fact]
    public void Names_are_refused_the_second_time()
    {
        _writer.Set("same", 1);
        _writer.AddTensor("same", GgmlType.F32, [1], Nothing);
        Assert.Contains("'same'", Assert.Throws<ArgumentException>(() => _writer.Set("same", "other")).Message, StringComparison.Ordinal);
        Assert.Contains("same", Assert.Throws<ArgumentException>(() => _writer.AddTensor("same", GgmlType.F16, [2], Nothing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_a_reader_would_refuse_are_refused()
    {
        foreach (long[] shape in (long[][])[[], [1, 1, 1, 1, 1], [0], [-32], [33], [32, 0], [1L << 40, 1L << 40]])
        {
            ArgumentException error = Assert.Throws<ArgumentException>(() => _writer.AddTensor("odd", GgmlType.Q8_0, shape, Nothing));
            Assert.Contains("odd", error.Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentException>(() => _writer.AddTensor("odd", (GgmlType)4, [32], Nothing));
    }

    [Fact]
    public void Unfit_values_are_refused()
    {
        Assert.Throws<ArgumentException>(() => _writer.Set("k", "\uDC00"));
        Assert.Throws<ArgumentException>(() => _writer.SetArray("k", ["fine", "\uDC00"]));
        Assert.Throws<NotSupportedException>(() => _writer.SetArray<char>("k", ['a']));
        _writer.Set("k", "none of these has taken the key");
    }

    [Fact]
    public void The_alignment_is_the_writers_own()
    {
        Assert.Throws<ArgumentException>(() => _writer.Set("general.alignment", 64u));
        Assert.All([0u, 4u, 33u, 1u << 21], alignment => Assert.Throws<ArgumentOutOfRangeException>(() => new GgufWriter(alignment)));
        GgufWriter writer = new(alignment: 64);
        GgufSamples.AddTensor(writer, "a", GgmlType.I8, 65);
        GgufSamples.AddTensor(writer, "b", GgmlType.I8, 1);
        writer.Write(Target);
        using GgufFile file = GgufFile.Open(Target);
        Assert.Equal(64u, file.Metadata.GetUInt32("general.alignment"));
        Assert.Equal(128, file.Tensors[1].Offset - file.Tensors[0].Offset);
    }

    [Theory]
    [InlineData(7, "has 8 bytes, but its writer wrote only 7")]
    [InlineData(0, "wrote only 0")]
    [InlineData(9, "wrote more")]
    public void A_tensor_of_other_than_its_bytes_fails_and_leaves_nothing(int bytes, string problem)
    {
        _writer.AddTensor("wrong", GgmlType.F32, [2], (stream, _) =>
        {
            for (int i = 0; i < bytes; i++) stream.WriteByte(1);
        });
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _writer.Write(Target));
        Assert.Contains("wrong", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_failing_callback_leaves_the_older_file()
    {
        _folder.Write("m.gguf", "older"u8);
        GgufSamples.AddTensor(_writer, "fine", GgmlType.F32, 100_000);
        _writer.AddTensor("failing", GgmlType.F32, [2], (_, _) => throw new TimeoutException("no more"));
        Assert.Equal("no more", Assert.Throws<TimeoutException>(() => _writer.Write(Target)).Message);
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal("older", File.ReadAllText(Target));
    }

    [Fact]
    public void Cancelling_leaves_nothing()
    {
        using CancellationTokenSource source = new();
        CancellationToken seen = default;
        _writer.AddTensor("slow", GgmlType.F32, [2], (stream, token) =>
        {
            seen = token;
            stream.Write(new byte[4]);
            source.Cancel();
            stream.Write(new byte[4]);
        });
        Assert.ThrowsAny<OperationCanceledException>(() => _writer.Write(Target, bytesWritten: null, source.Token));
        Assert.Equal(source.Token, seen);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.ThrowsAny<OperationCanceledException>(() => _writer.Write(Target, bytesWritten: null, source.Token));
    }

    [Fact]
    public void While_it_is_being_written_the_final_name_is_not_there()
    {
        bool there = true;
        _writer.AddTensor("t", GgmlType.F32, [2], (stream, _) =>
        {
            there = File.Exists(Target);
            stream.Write(new byte[8]);
        });
        _writer.Write(Target);
        Assert.False(there);
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_older_file_is_replaced_even_while_it_is_read()
    {
        if (OperatingSystem.IsWindows()) return;
        GgufSamples.AddTensor(_writer, "t", GgmlType.F32, 2);
        _writer.Write(Target);
        using GgufFile older = GgufFile.Open(Target);
        _writer.Set("new", true);
        _writer.Write(Target);
        using GgufFile newer = GgufFile.Open(Target);
        Assert.True(newer.Metadata.Contains("new"));
        Assert.Equal(GgufSamples.Counting(8), older.GetRows(older.Tensors[0], 0, 1));
    }

    [Fact]
    public void Folders_that_can_not_be_written_to_are_errors_of_one_line()
    {
        _folder.Write("file", "x"u8);
        Directory.CreateDirectory(_folder.File("folder"));
        List<string> targets = [_folder.File("missing/m.gguf"), _folder.File("file/m.gguf"), _folder.File("folder")];

        // Not even the superuser creates files there.
        if (OperatingSystem.IsLinux()) targets.Add("/proc/m.gguf");
        Assert.All(targets, target =>
        {
            PaliException error = Assert.Throws<PaliException>(() => _writer.Write(target));
            Assert.StartsWith($"{target}: can not be written: ", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        });
    }

    [Fact]
    public void Progress_ends_with_the_files_length()
    {
        GgufSamples.AddTensor(_writer, "t", GgmlType.I8, 20 << 20);
        Reports reports = new();
        _writer.Write(Target, reports);
        Assert.True(reports.Count >= 2);
        Assert.Equal(new FileInfo(Target).Length, reports[^1]);
        Assert.Equal(reports.Order(), reports);
    }

    [Fact]
    public void A_callback_can_not_write_after_its_turn()
    {
        Stream? kept = null;
        _writer.AddTensor("t", GgmlType.F32, [2], (stream, _) =>
        {
            kept = stream;
            stream.Write(new byte[8]);
        });
        _writer.Write(Target);
        Assert.Throws<ObjectDisposedException>(() => kept!.WriteByte(1));
    }

    private static void Nothing(Stream stream, CancellationToken cancellationToken)
    {
    }

    private sealed class Reports : List<long>, IProgress<long>
    {
        public void Report(long value) => Add(value);
    }
}
