using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly GgufFile _file;

    public GgufFileTests()
    {
        GgufWriter writer = new();
        GgufSamples.AddTensor(writer, "vector", GgmlType.F32, 5);
        GgufSamples.AddTensor(writer, "matrix", GgmlType.Q8_0, 64, 3, 2);
        writer.Write(_folder.File("m.gguf"));
        _file = GgufFile.Open(_folder.File("m.gguf"));
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Tensors_are_listed_in_order_with_their_measures()
    {
        Assert.Equal(["vector", "matrix"], _file.Tensors.Select(tensor => tensor.Name));
        GgufTensor matrix = _file.GetTensor("matrix");
        Assert.Equal(GgmlType.Q8_0, matrix.Type);
        Assert.Equal<long>([64, 3, 2], matrix.Shape.AsEnumerable());
        Assert.Equal((64, 6, 68, 408), (matrix.RowLength, matrix.RowCount, matrix.RowByteLength, matrix.ByteLength));
        Assert.Equal(_file.Tensors[0].Offset + 32, matrix.Offset);
        Assert.Equal("matrix: Q8_0 [64, 3, 2]", matrix.ToString());
    }

    [Fact]
    public void Tensors_are_found_by_name()
    {
        Assert.True(_file.TryGetTensor("vector", out GgufTensor? vector));
        Assert.Same(_file.Tensors[0], vector);
        Assert.False(_file.TryGetTensor("Vector", out _));
        Assert.Null(_file.FindTensor("nothing"));
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => _file.GetTensor("nothing"));
        Assert.Equal($"{_file.Path}: the tensor 'nothing' is missing.", error.Message);
    }

    [Fact]
    public void Rows_are_the_stored_bytes()
    {
        GgufTensor matrix = _file.GetTensor("matrix");
        byte[] all = GgufSamples.Counting(408);
        Assert.Equal(all, _file.GetRows(matrix, 0, 6));
        Assert.Equal(all.AsSpan(68, 136), _file.GetRows(matrix, 1, 2));
        Assert.Equal(all.AsSpan(340), _file.GetRows(matrix, 5, 1));
        Assert.True(_file.GetRows(matrix, 6, 0).IsEmpty);
    }

    [Theory]
    [InlineData(6, 1)]
    [InlineData(0, 7)]
    [InlineData(-1, 1)]
    [InlineData(0, -1)]
    [InlineData(long.MaxValue, int.MaxValue)]
    [InlineData(long.MinValue, 1)]
    public void Rows_that_are_not_there_are_refused(long first, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _file.GetRows(_file.GetTensor("matrix"), first, count).ToArray());

    [Fact]
    public void Bytes_are_copied_from_anywhere_inside()
    {
        GgufTensor matrix = _file.GetTensor("matrix");
        byte[] some = new byte[100];
        _file.CopyTo(matrix, 308, some);
        Assert.Equal(GgufSamples.Counting(408)[308..], some);
        Assert.Throws<ArgumentOutOfRangeException>(() => _file.CopyTo(matrix, 309, some));
        Assert.Throws<ArgumentOutOfRangeException>(() => _file.CopyTo(matrix, -1, some));
        Assert.Throws<ArgumentOutOfRangeException>(() => _file.CopyTo(matrix, long.MaxValue, some));
    }

    [Fact]
    public void A_stream_reads_the_tensor_and_no_more()
    {
        using Stream stream = _file.OpenRead(_file.GetTensor("matrix"));
        using MemoryStream all = new();
        stream.CopyTo(all, bufferSize: 7);
        Assert.Equal(GgufSamples.Counting(408), all.ToArray());
        Assert.False(stream.CanWrite);
        stream.Position = 400;
        Assert.Equal(8, stream.Read(new byte[100]));
    }

    [Fact]
    public void Tensors_larger_than_2_GiB_are_reached_wholly()
    {
        const long Rows = (1L << 31) + 5;
        byte[] head = new GgufBytes { DataBytes = 1 }.Tensor("large", [2, (ulong)Rows], GgmlType.I8).ToArray();
        string path = _folder.File("large.gguf");
        using (FileStream stream = File.Create(path))
        {
            stream.Write(head);

            // A hole: the file takes no room on the disk.
            stream.SetLength(head.Length - 1 + (2 * Rows));
            stream.Position = stream.Length - 1;
            stream.WriteByte(42);
        }

        using GgufFile file = GgufFile.Open(path);
        GgufTensor large = file.GetTensor("large");
        Assert.Equal(2 * Rows, large.ByteLength);
        Assert.Equal([0, 42], file.GetRows(large, Rows - 1, 1).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => file.GetRows(large, 0, int.MaxValue).Length);
        using Stream data = file.OpenRead(large);
        data.Position = (2 * Rows) - 1;
        Assert.Equal(42, data.ReadByte());
        Assert.Equal(-1, data.ReadByte());
    }

    [Fact]
    public void A_tensor_of_another_file_is_refused()
    {
        using GgufFile other = GgufFile.Open(_file.Path);
        Assert.Throws<ArgumentException>(() => _file.GetRows(other.GetTensor("vector"), 0, 1).ToArray());
        Assert.Throws<ArgumentException>(() => _file.CopyTo(other.GetTensor("vector"), 0, new byte[1]));
        Assert.Throws<ArgumentException>(() => _file.OpenRead(other.GetTensor("vector")));
    }

    [Fact]
    public void Nothing_can_be_read_after_the_end()
    {
        GgufTensor vector = _file.GetTensor("vector");
        using Stream stream = _file.OpenRead(vector);
        _file.Dispose();
        _file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _file.GetRows(vector, 0, 1).ToArray());
        Assert.Throws<ObjectDisposedException>(() => _file.CopyTo(vector, 0, new byte[1]));
        Assert.Throws<ObjectDisposedException>(() => _file.OpenRead(vector));
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Equal("vector", _file.Tensors[0].Name);
    }

    [Fact]
    public async Task Readers_and_a_disposer_do_not_disturb_each_other()
    {
        byte[] expected = GgufSamples.Counting(408);
        for (int round = 0; round < 10; round++)
        {
            GgufFile file = GgufFile.Open(_file.Path);
            GgufTensor matrix = file.GetTensor("matrix");
            using CountdownEvent started = new(3);
            Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning))];
            started.Wait();
            file.Dispose();
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30));

            void Read()
            {
                byte[] copy = new byte[408];
                using Stream stream = file.OpenRead(matrix);
                started.Signal();
                try
                {
                    while (true)
                    {
                        file.CopyTo(matrix, 0, copy);
                        Assert.Equal(expected, copy);
                        stream.Position = 0;
                        stream.ReadExactly(copy);
                        Assert.Equal(expected, copy);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // As it should be: the file was disposed, between two reads.
                }
            }
        }
    }
}
