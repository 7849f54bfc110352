using Apache.Arrow;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;

namespace PaliGguf.Parquet;

/// <summary>
/// The pictures of a file. They are read one after the other, ahead of nothing: rows that are asked for in their order cost one pass over
/// the file, an earlier row a new one from its group of rows on.
/// </summary>
internal sealed class ParquetPictures(string path, PictureColumn column)
{
    private const int Rows = 8;

    private readonly Lock _lock = new();
    private IEnumerator<(long First, RecordBatch Batch)>? _batches;
    private IReadOnlyList<long> _groupStarts = [];

    /// <summary>The picture of a row.</summary>
    /// <param name="number">From 1 on.</param>
    public PictureSource Row(long number) => new Picture(this, number);

    private byte[]? Read(long row)
    {
        lock (_lock)
        {
            if (_batches is null || row < _batches.Current.First || IsInLaterGroup(row)) Restart(row);
            while (row >= End(_batches!.Current))
            {
                if (_batches.MoveNext()) continue;
                Release();
                throw new InvalidDataException($"it ends before row {row + 1}");
            }

            (long first, RecordBatch batch) = _batches.Current;
            return column.BytesOf(batch, (int)(row - first));
        }
    }

    private static long End((long First, RecordBatch Batch) current) => current.First + current.Batch.Length;

    // Groups of rows in between are passed over.
    private bool IsInLaterGroup(long row) => row >= End(_batches!.Current) && GroupOf(row) > GroupOf(End(_batches.Current));

    private int GroupOf(long row)
    {
        int group = 0;
        while (group + 2 < _groupStarts.Count && _groupStarts[group + 1] <= row) group++;
        return group;
    }

    private void Restart(long row)
    {
        Release();
        _batches = Batches(row).GetEnumerator();
        if (_batches.MoveNext()) return;
        Release();
        throw new InvalidDataException("it has no rows");
    }

    private void Release()
    {
        _batches?.Dispose();
        _batches = null;
    }

    private IEnumerable<(long First, RecordBatch Batch)> Batches(long row)
    {
        using ParquetFile file = ParquetFile.Open(path, Rows);
        _groupStarts = file.GroupStarts;
        int group = GroupOf(row);
        long first = _groupStarts[group];
        foreach (RecordBatch batch in file.Batches([column.Bytes], group))
        {
            using (batch) yield return (first, batch);
            first += batch.Length;
        }
    }

    private sealed class Picture(ParquetPictures all, long number) : PictureSource
    {
        public override string Name { get; } = FormattableString.Invariant($"{all.File}, row {number}");

        public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => Task.Run(
            () =>
            {
                try
                {
                    return all.Read(number - 1) ?? throw new ImageException(Name, "the row has no picture");
                }
                catch (Exception e) when (e is not (ImageException or OperationCanceledException or OutOfMemoryException))
                {
                    throw new ImageException(Name, $"the file can not be read ({e.Message.ReplaceLineEndings(" ")})", e);
                }
            },
            cancellationToken);
    }

    private string File => path;
}
