using ParquetSharp;
using ParquetSharp.IO;

namespace PaliGguf.Parquet;

/// <summary>Writes a Parquet file of columns of text.</summary>
public static class TextTable
{
    private const int GroupLength = 10_000;

    /// <summary>Writes a file, which has its name when it is complete. Memory for some thousand rows at a time.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">The rows; read once.</param>
    /// <exception cref="PaliException">The file can not be written.</exception>
    public static void Write(string path, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string?>> rows)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        using PendingFile file = new(path, 0, progress: null, CancellationToken.None);
        using (ManagedOutputStream stream = new(new PendingStream(file)))
        using (ParquetFileWriter writer = new(stream, [.. columns.Select(name => new Column<string>(name))]))
        {
            foreach (IReadOnlyList<string?>[] group in rows.Chunk(GroupLength)) WriteGroup(writer, columns.Count, group);
            writer.Close();
        }

        file.Commit();
    }

    private static void WriteGroup(ParquetFileWriter writer, int columns, IReadOnlyList<string?>[] rows)
    {
        using RowGroupWriter group = writer.AppendRowGroup();
        for (int i = 0; i < columns; i++)
        {
            using LogicalColumnWriter<string?> column = group.NextColumn().LogicalWriter<string?>();
            column.WriteBatch(Array.ConvertAll(rows, row => row[i]));
        }
    }

    private sealed class PendingStream(PendingFile file) : Stream
    {
        private long _position;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _position;

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            file.Write(buffer);
            _position += buffer.Length;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
