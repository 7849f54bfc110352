using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

/// <summary>What libvips said when a call failed, on one line. Never leaves this assembly.</summary>
internal sealed class VipsException(string message) : Exception(message)
{
    private const int MaxLines = 2;
    private const int MaxLength = 200;

    // AVIF and TIFF readers probe for the end of the data, and every probe leaves a line.
    private const string Noise = "source: bad seek";

    /// <summary>Takes the messages that libvips has gathered. They are kept per process, so of two failures at once one may get both texts.</summary>
    public static unsafe VipsException FromErrorBuffer()
    {
        byte* text = Vips.vips_error_buffer_copy();
        try
        {
            return new VipsException(Condense(Marshal.PtrToStringUTF8((nint)text) ?? ""));
        }
        finally
        {
            GObject.g_free(text);
        }
    }

    /// <summary>The first different lines, joined, without control characters and of limited length.</summary>
    public static string Condense(string messages)
    {
        string[] lines = messages
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith(Noise, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal)
            .Take(MaxLines)
            .ToArray();
        if (lines.Length == 0) return "libvips gives no reason";
        string line = string.Concat(string.Join("; ", lines).Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= MaxLength ? line : line[..MaxLength] + "...";
    }
}
