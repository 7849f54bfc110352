using System.Buffers;
using System.Text.Json;
using Apache.Arrow;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Parquet;

/// <summary>
/// Parquet files as hubs of data sets ship them: a row an item, the picture's encoded bytes in a column <c>image</c>, either by themselves
/// or in a struct of <c>bytes</c> and <c>path</c>. The other columns are read at once, pictures when they are needed.
/// </summary>
public sealed class ParquetFormat : ITableFormat
{
    /// <inheritdoc/>
    public string Extension => ".parquet";

    /// <summary>How many rows a file has, by its footer.</summary>
    /// <exception cref="PaliException">It can not be read, or is no Parquet file.</exception>
    public static long RowCount(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using ParquetFile file = ParquetFile.Open(path, rows: 1);
        return file.GroupStarts[^1];
    }

    /// <inheritdoc/>
    public IEnumerable<TableRow> Read(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PictureColumn? pictures = null;
        long number = 0;
        using IEnumerator<RecordBatch> batches = Batches(path, file =>
        {
            pictures = PictureColumn.Find(file);
            return file.LeavesBut(pictures?.Bytes);
        }).GetEnumerator();
        ParquetPictures? source = null;
        while (Next(path, batches) is { } batch)
        {
            using (batch)
            {
                if (pictures is { } column) source ??= new ParquetPictures(path, column);
                for (int i = 0; i < batch.Length; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    number++;
                    long row = number;
                    ReadOnlyMemory<byte> json = ParquetFile.Guard(path, () => Json(path, batch, i, pictures, row));
                    yield return new TableRow(number, json, source?.Row(number));
                }
            }
        }
    }

    /// <summary>The pictures of all rows; nothing else is read.</summary>
    /// <exception cref="PaliException">The file can not be read, or has no column with the bytes of pictures.</exception>
    public static IEnumerable<PictureSource> Pictures(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (ParquetPictures pictures, long rows) = Open(path);
        for (long number = 1; number <= rows; number++) yield return pictures.Row(number);
    }

    private static (ParquetPictures Pictures, long Rows) Open(string path)
    {
        using ParquetFile file = ParquetFile.Open(path, rows: 1);
        PictureColumn column = ParquetFile.Guard(path, () => PictureColumn.Find(file))
            ?? throw new PaliException($"{path}: it has no column 'image' with the bytes of pictures.");
        return (new ParquetPictures(path, column), file.GroupStarts[^1]);
    }

    private static IEnumerable<RecordBatch> Batches(string path, Func<ParquetFile, int[]> columns)
    {
        const int Rows = 1024;
        using ParquetFile file = ParquetFile.Open(path, Rows);
        foreach (RecordBatch batch in file.Batches(columns(file))) yield return batch;
    }

    private static RecordBatch? Next(string path, IEnumerator<RecordBatch> batches) =>
        ParquetFile.Guard(path, () => batches.MoveNext() ? batches.Current : null);

    // A row without an id is called after its picture, or by its number.
    private static ReadOnlyMemory<byte> Json(string path, RecordBatch batch, int row, PictureColumn? pictures, long number)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            for (int i = 0; i < batch.ColumnCount; i++)
            {
                string name = batch.Schema.GetFieldByIndex(i).Name;
                if (name == pictures?.Name) continue;
                writer.WritePropertyName(name);
                ArrowJson.Write(writer, batch.Column(i), row);
            }

            if (pictures is not null)
            {
                string unnamed = FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(path)}:{number}");
                writer.WriteString(pictures.Name, pictures.PathOf(batch, row) is { Length: > 0 } named ? named : unnamed);
            }

            writer.WriteEndObject();
        }

        return json.WrittenMemory;
    }
}
