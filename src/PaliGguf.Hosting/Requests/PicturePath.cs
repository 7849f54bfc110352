using System.Buffers;
using PaliGguf.Imaging;

namespace PaliGguf.Hosting.Requests;

/// <summary>Pictures' files as people and agents name them: by a path, or by a file URI as file managers and clients hand it
/// over.</summary>
internal static class PicturePath
{
    private const string FileScheme = "file:";
    private const int LongestName = 200;

    private static readonly SearchValues<char> SchemeLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>The path that a text names.</summary>
    /// <exception cref="ImageException">It is the address of something elsewhere, or no valid file URI.</exception>
    public static string Of(string text)
    {
        if (text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase)) return OfUri(text);
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        bool isAddress = scheme > 1 && text.AsSpan(0, scheme).IndexOfAnyExcept(SchemeLetters) < 0 && !File.Exists(text);
        return isAddress ? throw Invalid(text, "addresses are not fetched: download the picture, and name its file") : text;
    }

    private static string OfUri(string uri)
    {
        string path = uri[FileScheme.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            string host = path[2..].Split('/', 2)[0];
            // Windows would ask that computer, with the user's name.
            if (host.Length > 0 && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                throw Invalid(uri,
                    $"this file is on another computer, {host}: copy it to this one (whose own have three slashes, file:///)");
            }

            path = path[(2 + host.Length)..];
        }

        if (!path.StartsWith('/')) throw Invalid(uri, "this is no valid file URI: it begins like file:///, or give the path itself");
        if (OperatingSystem.IsWindows()) path = path.TrimStart('/');
        return Uri.UnescapeDataString(path);
    }

    private static ImageException Invalid(string text, string problem) =>
        new(text.Length <= LongestName ? text : text[..LongestName] + "...", problem);
}
