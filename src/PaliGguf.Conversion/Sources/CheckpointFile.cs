using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Sources;

/// <summary>Opens the files of a checkpoint; what goes wrong is told in one line that names the file.</summary>
internal static class CheckpointFile
{
    private const int LongestSmallFile = 64 * 1024 * 1024;

    /// <summary>Opens a file to be read, unless it only stands in the place of one.</summary>
    public static SafeFileHandle Open(string path)
    {
        SafeFileHandle handle = OpenAny(path);
        try
        {
            Span<byte> head = stackalloc byte[PlaceholderFile.HeadBytes];
            if (PlaceholderFile.Describe(head[..RandomAccess.Read(handle, head, 0)]) is { } placeholder)
                throw new ModelFormatException(path, placeholder);
            return handle;
        }
        catch (Exception e)
        {
            handle.Dispose();
            if (e is IOException or UnauthorizedAccessException or NotSupportedException) throw Unreadable(path, e);
            throw;
        }
    }

    private static SafeFileHandle OpenAny(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(path, "the file is missing", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static ModelFormatException Unreadable(string path, Exception cause) =>
        new(path, "the file can not be read: " + OneLine.Show(cause.Message), cause);

    /// <summary>Reads a file as a whole: a configuration or a tokenizer, not weights.</summary>
    public static byte[] ReadAll(string path)
    {
        using SafeFileHandle handle = Open(path);
        long length = RandomAccess.GetLength(handle);
        if (length > LongestSmallFile)
        {
            throw new ModelFormatException(path, $"the file has {length} bytes, more than the {LongestSmallFile} that are allowed for its kind");
        }

        byte[] content = new byte[length];
        ReadAt(handle, 0, content, path);
        return content;
    }

    /// <summary>Fills <paramref name="destination"/> from the given place of an open file.</summary>
    public static void ReadAt(SafeFileHandle handle, long offset, Span<byte> destination, string path)
    {
        int read = handle.ReadFully(destination, offset);
        if (read < destination.Length)
            throw new ModelFormatException(path, $"the file became shorter while it was read: it ends at byte {offset + read}");
    }

    /// <summary>Reads a file whose content is one JSON object.</summary>
    public static JsonDocument ReadJson(string path)
    {
        ReadOnlyMemory<byte> content = ReadAll(path);
        if (content.Span.StartsWith("\uFEFF"u8)) content = content[3..];
        JsonDocument document;
        try
        {
            if (!UnicodeJson.IsIn(content.Span)) throw new JsonException("it holds text that is not Unicode");
            document = JsonDocument.Parse(content, new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException(path, "the file is not valid JSON: " + OneLine.Show(e.Message), e);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
        document.Dispose();
        throw new ModelFormatException(path, "the file holds JSON, but not an object");
    }
}
