using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;
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
        Schema schema = new([.. columns.Select(name => new Field(name, StringType.Default, nullable: true))], metadata: null);
        using (ManagedOutputStream stream = new(new PendingStream(file)))
        using (WriterProperties properties = Properties())
        using (FileWriter writer = new(stream, schema, properties))
        {
            foreach (IReadOnlyList<string?>[] group in rows.Chunk(GroupLength)) WriteGroup(writer, schema, group);
            writer.Close();
        }

        file.Commit();
    }

    private static WriterProperties Properties()
    {
        using WriterPropertiesBuilder builder = new();
        return builder.Compression(Compression.Snappy).Build();
    }

    private static void WriteGroup(FileWriter writer, Schema schema, IReadOnlyList<string?>[] rows)
    {
        IEnumerable<IArrowArray> columns = Enumerable.Range(0, schema.FieldsList.Count)
            .Select(column => new StringArray.Builder().AppendRange(rows.Select(row => row[column])).Build());
        using RecordBatch batch = new(schema, columns, rows.Length);
        writer.WriteRecordBatch(batch);
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
