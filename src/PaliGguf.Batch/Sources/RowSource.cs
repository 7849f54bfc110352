using PaliGguf.Evaluation.Datasets;
using PaliGguf.Parquet;

namespace PaliGguf.Batch.Sources;

/// <summary>A Parquet file with the bytes of pictures: a row an item, called after the file and its number, from 1 on.</summary>
/// <param name="path">The file.</param>
/// <param name="options">How it is read.</param>
internal sealed class RowSource(string path, SourceOptions options) : IWorkSource
{
    public bool MayRepeat => false;

    public long? Count(CancellationToken cancellationToken = default) => ParquetFormat.RowCount(path);

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) => options.TablesAsk
        ? new ParquetFormat().Read(path, cancellationToken).Select(Item)
        : ParquetFormat.Pictures(path).Select((picture, index) => new WorkItem(Id(index + 1L), picture));

    private WorkItem Item(TableRow row)
    {
        WorkItem item = new(Id(row.Number), row.Picture
            ?? throw new PaliException($"{path}: it has no column 'image' with the bytes of pictures."));
        try
        {
            return item with { Questions = ItemFields.OfTable(row.Json, options.Language) };
        }
        catch (FormatException e)
        {
            return item with { Problem = $"{row.Picture.Name}: {e.Message}." };
        }
    }

    private string Id(long number) => FormattableString.Invariant($"{path}:{number}");
}
