using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using PaliGguf.Evaluation;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace PaliGguf.Parquet;

/// <summary>A Parquet file that is read in small pieces: a group of rows with pictures may be larger than the memory.</summary>
internal sealed partial class ParquetFile : IDisposable
{
    private readonly FileReader _reader;

    private ParquetFile(string path, FileReader reader)
    {
        Path = path;
        _reader = reader;
        long first = 0;
        long[] starts = new long[reader.NumRowGroups + 1];
        for (int group = 0; group < reader.NumRowGroups; group++)
        {
            starts[group] = first;
            using RowGroupReader rows = reader.ParquetReader.RowGroup(group);
            first += rows.MetaData.NumRows;
        }

        starts[^1] = first;
        GroupStarts = starts;
    }

    public string Path { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<SchemaField> Columns => _reader.SchemaManifest.SchemaFields;

    /// <summary>The number of the first row of each group, from 0 on, and of all rows.</summary>
    public IReadOnlyList<long> GroupStarts { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">It.</param>
    /// <param name="rows">How many rows are read at once.</param>
    /// <exception cref="PaliException">It can not be read, or is no Parquet file.</exception>
    public static ParquetFile Open(string path, int rows) => Guard(path, () =>
    {
        using ReaderProperties properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnableBufferedStream();
        using ArrowReaderProperties arrow = ArrowReaderProperties.GetDefault();
        arrow.BatchSize = rows;
        arrow.PreBuffer = false;
        arrow.UseThreads = false;
        // What the native library says of other files names neither cause nor way out.
        using (BufferedStream content = new(InputFile.Open(path))) PageSizes.Check(content);
        return new ParquetFile(path, new FileReader(path, properties, arrow));
    });

    /// <summary>The numbers of all leaves of the columns but one.</summary>
    public int[] LeavesBut(int? left) => [.. Columns.SelectMany(Leaves).Where(leaf => leaf != left)];

    /// <summary>Reads some leaves.</summary>
    /// <param name="leaves">Their numbers.</param>
    /// <param name="firstGroup">The first group of rows, from 0 on.</param>
    public IEnumerable<RecordBatch> Batches(int[] leaves, int firstGroup = 0)
    {
        using IArrowArrayStream stream = _reader.GetRecordBatchReader(
            [.. Enumerable.Range(firstGroup, _reader.NumRowGroups - firstGroup)], leaves);
        // It is read in native code, and completed when it comes back.
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch) yield return batch;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Turns what goes wrong with a file into an error that names it.</summary>
    /// <exception cref="PaliException">Something did.</exception>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (PaliException or OperationCanceledException or OutOfMemoryException))
        {
            throw new PaliException($"{path}: it is no Parquet file that can be read: {Reason(e)}", e);
        }
    }

    // Native errors come as "N7parquet22ParquetStatusExceptionE (message: 'Invalid: ...')".
    private static string Reason(Exception e)
    {
        string message = e.Message.ReplaceLineEndings(" ");
        return NativeMessage().Match(message) is { Success: true } native ? native.Groups["text"].Value : message;
    }

    [GeneratedRegex(@"^\S+ \(message: '(?<text>.*)'\)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex NativeMessage();

    private static IEnumerable<int> Leaves(SchemaField field) =>
        field.Children.Count == 0 ? [field.ColumnIndex] : field.Children.SelectMany(Leaves);
}
