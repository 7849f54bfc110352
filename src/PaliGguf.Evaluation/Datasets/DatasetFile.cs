using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>
/// The objects of a file, one after the other: JSON lines, an array, or arrays of an object. A file of any size needs the memory of its
/// largest item.
/// </summary>
internal static class DatasetFile
{
    /// <summary>The most bytes of one item.</summary>
    public const int LargestItem = 64 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file: JSON lines if its name ends in .jsonl or .ndjson, else one JSON value.</param>
    /// <param name="arrays">The arrays of interest where the value is an object; the others are passed over.</param>
    /// <exception cref="PaliException">Thrown while reading: the file can not be read or is malformed, with its line.</exception>
    public static IEnumerable<DatasetItem> Read(string path, params string[] arrays) => Read(path, broken: null, arrays);

    /// <inheritdoc cref="Read(string, string[])"/>
    /// <param name="path">The file.</param>
    /// <param name="broken">Told of each line of JSON lines that is none, which is then left out; null to end with the first one.</param>
    /// <param name="arrays">The arrays of interest.</param>
    public static IEnumerable<DatasetItem> Read(string path, Action<PaliException>? broken, params string[] arrays)
    {
        using FileStream stream = InputFile.Open(path);
        using IDatasetReader reader = IsLines(path) ? new LineReader(path, stream) : new ArrayReader(path, stream, arrays);
        while (true)
        {
            DatasetItem item;
            try
            {
                if (!reader.TryRead(out item)) yield break;
            }
            catch (IOException e)
            {
                throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
            }

            catch (PaliException e) when (broken is not null && reader is LineReader)
            {
                broken(e);
                continue;
            }

            if (item.Value.ValueKind == JsonValueKind.Object) yield return item;
            else if (broken is not null) broken(item.Error("expected an object in braces."));
            else throw item.Error("expected an object in braces.");
        }
    }

    private static bool IsLines(string path) =>
        Path.GetExtension(path) is { } extension && (extension.Equals(".jsonl", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".ndjson", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Reads one item after the other.</summary>
internal interface IDatasetReader : IDisposable
{
    /// <summary>The next item; false at the end.</summary>
    bool TryRead(out DatasetItem item);
}
