using PaliGguf.Gguf;

namespace PaliGguf.Evaluation;

/// <summary>Opens what an evaluation reads: data sets, prompts, lists of words. What goes wrong is told in one line that names the file.</summary>
internal static class InputFile
{
    /// <summary>Opens a file, unless it only stands in the place of one.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it is, as in "the list of words".</param>
    /// <exception cref="PaliException">It can not be read, is no file, or holds what a download or a clone left in its place.</exception>
    public static FileStream Open(string path, string what = "the file") => Guard(path, what, () =>
    {
        FileStream file = RegularFile.Open(path);
        try
        {
            Span<byte> head = stackalloc byte[PlaceholderFile.HeadBytes];
            int length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            file.Position = 0;
            return PlaceholderFile.Describe(head[..length]) is { } placeholder ? throw new PaliException($"{path}: {placeholder}.") : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    });

    /// <summary>Reads a file as a whole.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it is.</param>
    /// <param name="longest">The most bytes that it may have.</param>
    /// <exception cref="PaliException">As for opening it; or it has more bytes.</exception>
    public static byte[] ReadAll(string path, string what, long longest) => Guard(path, what, () =>
    {
        using FileStream file = Open(path, what);
        if (file.Length > longest) throw new PaliException($"{path}: {what} has {file.Length} bytes, more than the {longest} that it may have.");
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    });

    /// <summary>Reads a text as a whole, which is UTF-8 unless it begins otherwise.</summary>
    /// <inheritdoc cref="ReadAll"/>
    public static string ReadText(string path, string what, long longest)
    {
        using StreamReader reader = new(new MemoryStream(ReadAll(path, what, longest)));
        return reader.ReadToEnd();
    }

    private static T Guard<T>(string path, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string reason = e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : e.Message.ReplaceLineEndings(" ");
            throw new PaliException($"{path}: {what} can not be read: {reason}", e);
        }
    }
}
