using System.Buffers.Text;

namespace PaliGguf.Gguf;

/// <summary>
/// Recognizes what lies in a file's place when the file itself was never fetched: the pointer of a clone without git-lfs or git-annex, or
/// what a server answered instead of it.
/// </summary>
internal static class PlaceholderFile
{
    /// <summary>So much of a file's beginning is enough to tell.</summary>
    public const int HeadBytes = 512;

    // The second and third are what Git LFS wrote before its first release.
    private static readonly byte[][] LfsVersions =
    [
        "version https://git-lfs.github.com/spec/"u8.ToArray(),
        "version https://hawser.github.com/spec/"u8.ToArray(),
        "version http://git-media.io/v/"u8.ToArray(),
    ];

    // As the Hugging Face hub words them.
    private static readonly byte[][] Refusals =
        ["Entry not found"u8.ToArray(), "Repository not found"u8.ToArray(),
            "Invalid username or password"u8.ToArray(), "Access to model "u8.ToArray(), "Not Found"u8.ToArray()];

    /// <summary>Looks at the beginning of a file.</summary>
    /// <returns>What it is instead of the file, and what to do; null if it may be the file.</returns>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, HeadBytes)];
        foreach (byte[] version in LfsVersions)
        {
            if (head.StartsWith(version))
            {
                return $"this is a Git LFS pointer, not the file itself{Size(head)}: fetch it with 'git lfs install' and 'git lfs pull' in "
                    + "the clone, or download it again";
            }
        }

        if (head.StartsWith("/annex/objects/"u8)) return "this is a git-annex pointer, not the file itself: fetch it with 'git annex get'";
        ReadOnlySpan<byte> text = head.TrimStart("\uFEFF \t\r\n"u8);
        if (StartsWithIgnoringCase(text, "<!doctype html"u8) || StartsWithIgnoringCase(text, "<html"u8))
            return "this is a web page, not the file itself: download the file again";
        foreach (byte[] refusal in Refusals)
        {
            if (text.StartsWith(refusal))
            {
                return $"this is a server's answer, '{System.Text.Encoding.ASCII.GetString(refusal).TrimEnd()}', not the file itself: "
                    + "download the file again";
            }
        }

        return null;
    }

    private static string Size(ReadOnlySpan<byte> pointer)
    {
        ReadOnlySpan<byte> key = "\nsize "u8;
        int at = pointer.IndexOf(key);
        return at >= 0 && Utf8Parser.TryParse(pointer[(at + key.Length)..], out long bytes, out _) && bytes > 0
            ? $", which has {bytes} bytes" : "";
    }

    private static bool StartsWithIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> beginning) =>
        text.Length >= beginning.Length && System.Text.Ascii.EqualsIgnoreCase(text[..beginning.Length], beginning);
}
