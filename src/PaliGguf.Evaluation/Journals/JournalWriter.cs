using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PaliGguf.Evaluation.Journals;

/// <summary>
/// Writes a journal, a whole line at a time, so that a process that is killed loses no answer but the one that it was about to write. A
/// journal has one writer at a time. Not for use by several threads.
/// </summary>
public sealed class JournalWriter : IDisposable
{
    // Thai stays Thai.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly MemoryStream _line = new();

    private JournalWriter(FileStream file, Journal? earlier)
    {
        _file = file;
        Earlier = earlier;
    }

    /// <summary>What an earlier run has left; null where this one begins the journal.</summary>
    public Journal? Earlier { get; }

    /// <summary>Begins a journal, or continues one that holds answers of the same kind.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What answers will be written.</param>
    /// <exception cref="PaliException">
    /// Another process writes it; it holds other answers, and the message says what differs; it is no journal, or can not be written.
    /// </exception>
    public static JournalWriter Open(string path, JournalHeader header)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(header);
        FileStream? file = null;
        try
        {
            file = OpenAlone(path);
            Journal? earlier = Journal.Read(path, file);
            if (earlier?.Header.Differences(header).ToArray() is { Length: > 0 } differences)
            {
                throw new PaliException(
                    $"{path}: it holds answers that were made otherwise ({string.Join("; ", differences)}); name another file, "
                    + "or run as before.");
            }

            JournalWriter writer = new(file, earlier);
            file.SetLength(earlier?.Length ?? 0);
            file.Position = file.Length;
            if (earlier is null) writer.Write(header, JournalJson.Default.JournalHeader);
            return writer;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is not (IOException or UnauthorizedAccessException)) throw;
            throw new PaliException($"{path}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Writes what became of an item.</summary>
    /// <exception cref="PaliException">It can not be written.</exception>
    public void Append(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        try
        {
            Write(entry, JournalJson.Default.JournalEntry);
        }
        catch (IOException e)
        {
            throw new PaliException($"{_file.Name}: it can not be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    /// <summary>Opens a file, or makes it, for this process alone, for as long as it lives.</summary>
    /// <exception cref="PaliException">Another process has it.</exception>
    internal static FileStream OpenAlone(string path)
    {
        // A file that others have locked fails at once, and so would it for them.
        bool exists = File.Exists(path);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (exists && e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            throw new PaliException($"{path}: another process writes it, or it can not be opened: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private void Write<T>(T value, JsonTypeInfo<T> type)
    {
        _line.SetLength(0);
        using (Utf8JsonWriter json = new(_line, Readable)) JsonSerializer.Serialize(json, value, type);
        _line.WriteByte((byte)'\n');
        _file.Write(_line.GetBuffer(), 0, (int)_line.Length);
    }
}
