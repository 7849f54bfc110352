using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Reads the items of a JSON array, or of some arrays of a JSON object.</summary>
internal sealed class ArrayReader(string path, Stream stream, string[] arrays) : IDatasetReader
{
    private readonly FileWindow _window = new(path, stream);
    private JsonReaderState _state;
    private string? _array;
    private string _property = "";
    private bool _any;

    /// <inheritdoc/>
    public bool TryRead(out DatasetItem item)
    {
        while (true)
        {
            try
            {
                switch (Step(out item))
                {
                    case Progress.Item:
                        return true;
                    case Progress.End when !_any:
                        throw new PaliException($"{path}: expected an array, or an object with {DatasetItem.Or(arrays)}.");
                    case Progress.End:
                        return false;
                }
            }
            catch (JsonException e)
            {
                throw new PaliException($"{path}, line {e.LineNumber + 1}: it is no JSON: {e.Message.ReplaceLineEndings(" ")}", e);
            }

            catch (InvalidOperationException e)
            {
                throw new PaliException($"{path}: it holds a name that is not Unicode.", e);
            }

            _window.Extend();
        }
    }

    public void Dispose() => stream.Dispose();

    // Reads as far as the window goes.
    private Progress Step(out DatasetItem item)
    {
        item = default;
        ReadOnlySpan<byte> bytes = _window.Bytes.Span;
        Utf8JsonReader reader = new(bytes, _window.IsLast, _state);
        while (true)
        {
            Utf8JsonReader before = reader;
            if (!reader.Read())
            {
                Keep(before);
                return _window.IsLast ? Progress.End : Progress.NeedsMore;
            }

            if (_array is not null && reader.CurrentDepth == (_property.Length > 0 ? 2 : 1) && reader.TokenType != JsonTokenType.EndArray)
            {
                int start = (int)reader.TokenStartIndex;
                if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
                {
                    Keep(before);
                    return Progress.NeedsMore;
                }

                using (document) item = DatasetItem.Of(path, _window.LineOf(start), _array, document.RootElement);
                Keep(reader);
                return Progress.Item;
            }

            Follow(ref reader);
        }
    }

    // Into an array of interest, and out of it.
    private void Follow(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
        {
            _property = reader.ValueTextEquals("") ? " " : reader.GetString()!;
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            bool wanted = reader.CurrentDepth == 0 || (reader.CurrentDepth == 1 && arrays.Contains(_property, StringComparer.Ordinal));
            if (!wanted || _array is not null) return;
            _array = _property;
            _any = true;
        }
        else if (reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == (_property.Length > 0 ? 1 : 0))
        {
            _array = null;
        }
    }

    private void Keep(Utf8JsonReader reader)
    {
        _state = reader.CurrentState;
        _window.Skip((int)reader.BytesConsumed);
    }

    private enum Progress
    {
        NeedsMore,
        Item,
        End,
    }
}
