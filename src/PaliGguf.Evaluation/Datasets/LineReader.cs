using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Reads JSON lines; empty ones do not count.</summary>
internal sealed class LineReader(string path, Stream stream) : IDatasetReader
{
    private readonly FileWindow _window = new(path, stream);

    public bool TryRead(out DatasetItem item)
    {
        while (true)
        {
            ReadOnlyMemory<byte>? ended = NextLine();
            ReadOnlyMemory<byte> line = ended ?? _window.Bytes;
            bool empty = line.Span.Trim(" \t\r"u8).IsEmpty;
            try
            {
                item = empty ? default : Parse(line);
            }
            finally
            {
                // Past a line that is none too: the next one may be read.
                _window.Skip(line.Length + (ended is null ? 0 : 1));
            }

            if (!empty) return true;
            if (ended is null) return false;
        }
    }

    public void Dispose() => stream.Dispose();

    // Past a line that is too long as well.
    private ReadOnlyMemory<byte>? NextLine()
    {
        try
        {
            return _window.NextLine();
        }
        catch (PaliException)
        {
            _window.SkipLine();
            throw;
        }
    }

    private DatasetItem Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return DatasetItem.Of(path, _window.Line, "", document.RootElement);
        }
        catch (JsonException e)
        {
            throw new PaliException($"{path}, line {_window.Line}: it is no JSON: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
