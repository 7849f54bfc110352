using System.Buffers;

namespace PaliGguf.Hosting.Requests;

/// <summary>Files and folders as people and agents name them: by a path, or by a file URI as file managers and clients hand it over.</summary>
/// <param name="Path">The path; the text itself where there is a problem.</param>
/// <param name="Problem">What is wrong: it is the address of something elsewhere, or no valid file URI. Null where nothing is.</param>
internal readonly record struct LocalName(string Path, string? Problem)
{
    private const string FileScheme = "file:";

    private static readonly SearchValues<char> SchemeLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Reads a text.</summary>
    public static LocalName Of(string text)
    {
        if (text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase)) return OfUri(text);
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        bool isAddress = scheme > 1 && text.AsSpan(0, scheme).IndexOfAnyExcept(SchemeLetters) < 0 && !System.IO.Path.Exists(text);
        return new LocalName(text, isAddress ? "addresses are not fetched: download the file, and name it" : null);
    }

    private static LocalName OfUri(string uri)
    {
        string path = uri[FileScheme.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            string host = path[2..].Split('/', 2)[0];
            // Windows would ask that computer, with the user's name.
            if (host.Length > 0 && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            {
                return new LocalName(
                    uri, $"this file is on another computer, {host}: copy it to this one (whose own have three slashes, file:///)");
            }

            path = path[(2 + host.Length)..];
        }

        if (!path.StartsWith('/')) return new LocalName(uri, "this is no valid file URI: it begins like file:///, or give the path itself");
        if (OperatingSystem.IsWindows()) path = path.TrimStart('/');
        return new LocalName(Uri.UnescapeDataString(path), null);
    }
}
