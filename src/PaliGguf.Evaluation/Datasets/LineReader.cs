using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Reads JSON lines; empty ones do not count.</summary>
internal sealed class LineReader(string path, Stream stream) : IDatasetReader
{
    private readonly BoundedLines _lines = new(stream, DatasetFile.LargestItem);

    public bool TryRead(out DatasetItem item)
    {
        while (_lines.Read())
        {
            if (_lines.TooLong)
                throw new PaliException($"{path}, line {_lines.Number}: one item has more than {DatasetFile.LargestItem >> 20} MiB.");
            if (_lines.Line.Span.Trim(" \t\r"u8).IsEmpty) continue;
            item = Parse();
            return true;
        }

        item = default;
        return false;
    }

    public void Dispose() => stream.Dispose();

    private DatasetItem Parse()
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(_lines.Line);
            return DatasetItem.Of(path, _lines.Number, "", document.RootElement);
        }
        catch (JsonException e)
        {
            throw new PaliException($"{path}, line {_lines.Number}: it is no JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
