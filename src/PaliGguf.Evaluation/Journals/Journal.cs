using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Evaluation.Journals;

/// <summary>
/// The answers of an evaluation, in a file of JSON lines: the first is the header, each other one an item. Immutable.
/// </summary>
public sealed class Journal
{
    private readonly Dictionary<string, JournalEntry> _entries;

    private static ReadOnlySpan<byte> Beginning => "{\"journal\":"u8;

    private Journal(JournalHeader header, Dictionary<string, JournalEntry> entries, long length)
    {
        Header = header;
        _entries = entries;
        Length = length;
    }

    /// <summary>What answers it holds.</summary>
    public JournalHeader Header { get; }

    /// <summary>The items, by their ids, in no particular order.</summary>
    public IReadOnlyDictionary<string, JournalEntry> Entries => _entries;

    /// <summary>The answers of what did not fail, as they are scored.</summary>
    public IReadOnlyDictionary<string, GivenAnswer> Answers() => _entries.Values.Where(entry => !entry.Failed).ToDictionary(
        entry => entry.Id, entry => entry.Given(), StringComparer.Ordinal);

    /// <summary>Its whole lines, in bytes; what follows them is the beginning of a line that was never finished.</summary>
    internal long Length { get; }

    /// <summary>Reads a journal. A last line without an end was being written when its writer was killed, and does not count.</summary>
    /// <exception cref="PaliException">It can not be read, is no journal, or a line of it is malformed.</exception>
    public static Journal Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = InputFile.Open(path);
            return Read(path, file) ?? throw new PaliException($"{path}: it is empty; expected the journal of an evaluation.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PaliException($"{path}: it can not be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Whether a file begins like a journal.</summary>
    public static bool IsOne(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = RegularFile.Open(path);
            Span<byte> first = stackalloc byte[Beginning.Length];
            return file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.SequenceEqual(Beginning);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads from where a stream is; null where there is not even a header.</summary>
    internal static Journal? Read(string path, Stream stream)
    {
        FileWindow window = new(path, stream);
        JournalHeader? header = null;
        Dictionary<string, JournalEntry> entries = new(StringComparer.Ordinal);
        long length = 0;
        while (window.NextLine() is { } line)
        {
            long number = window.Line;
            if (header is null)
            {
                header = Parse(path, number, line, JournalJson.Default.JournalHeader);
                if (header.Journal != JournalHeader.Version)
                {
                    throw new PaliException(
                        $"{path}: its form has the version {header.Journal}; this program knows {JournalHeader.Version}.");
                }

                // Of what is in lists and dictionaries the parser does not see that it is missing.
                if (header.Adapters.Contains(null!) || header.Options.Values.Contains(null))
                {
                    throw new PaliException($"{path}, line {number}: an adapter or an option is null.");
                }
            }
            else
            {
                JournalEntry entry = Parse(path, number, line, JournalJson.Default.JournalEntry);
                if (entry.Answer is null == entry.Failure is null)
                {
                    throw new PaliException($"{path}, line {number}: expected an answer or a failure, and not both.");
                }

                // What failed may have been tried again.
                if (entries.TryGetValue(entry.Id, out JournalEntry? earlier) && !earlier.Failed)
                {
                    throw new PaliException($"{path}, line {number}: there is an answer to '{entry.Id}' already.");
                }

                entries[entry.Id] = entry;
            }

            length += line.Length + 1;
            window.Skip(line.Length + 1);
        }

        if (header is not null) return new Journal(header, entries, length);
        ReadOnlySpan<byte> rest = window.Bytes.Span;
        int common = Math.Min(rest.Length, Beginning.Length);
        return rest[..common].SequenceEqual(Beginning[..common])
            ? null
            : throw new PaliException($"{path}: it is no journal of an evaluation.");
    }

    private static T Parse<T>(string path, long number, ReadOnlyMemory<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            if (UnicodeJson.IsIn(line.Span) && JsonSerializer.Deserialize(line.Span, type) is { } value) return value;
            throw new PaliException($"{path}, line {number}: expected an object in Unicode.");
        }
        catch (JsonException e)
        {
            throw new PaliException(
                $"{path}, line {number}: it is no line of an evaluation's journal: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
