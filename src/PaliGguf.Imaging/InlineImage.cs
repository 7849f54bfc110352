using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace PaliGguf.Imaging;

/// <summary>
/// Pictures as text: the base64 of an image file, or a data URL of it (RFC 2397). What browsers take is taken (WHATWG Fetch, "data: URLs",
/// and Infra, "forgiving-base64 decode"): a scheme and a ";base64" in any case, parameters and white space anywhere, percent-encoding, no
/// padding; and the alphabet for URLs (RFC 4648, section 5) too. What kind of picture it is, its bytes tell, whatever media type is named.
/// </summary>
public static class InlineImage
{
    private const string Expected = "the base64 of an image file, or a data URL of it, is expected";

    private static readonly SearchValues<byte> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ "u8);

    /// <summary>Whether a text is a data URL, well-formed or not.</summary>
    /// <param name="text">The text.</param>
    public static bool IsDataUrl(ReadOnlySpan<char> text) => text.TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The bytes of a picture's file.</summary>
    /// <param name="text">Base64 or a data URL.</param>
    /// <exception cref="FormatException">It is neither; the message continues a sentence that begins with what the text is called: "is
    /// empty: ...".</exception>
    public static byte[] Decode(ReadOnlySpan<char> text)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Decode(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The bytes of a picture's file.</summary>
    /// <param name="utf8Text">Base64 or a data URL, as UTF-8.</param>
    /// <inheritdoc cref="Decode(ReadOnlySpan{char})" path="/exception"/>
    public static byte[] Decode(ReadOnlySpan<byte> utf8Text)
    {
        ReadOnlySpan<byte> text = Trim(utf8Text);
        if (text.IsEmpty) throw new FormatException($"is empty: {Expected}.");
        // Base64 gets shorter, and percent-encoding too: all the work is done in one copy, with room for the padding.
        byte[] work = ArrayPool<byte>.Shared.Rent(text.Length + 2);
        try
        {
            text.CopyTo(work);
            Span<byte> copy = work.AsSpan(0, text.Length);
            if (!Ascii.EqualsIgnoreCase(copy[..Math.Min(copy.Length, "data:".Length)], "data:"u8))
            {
                if (Scheme(copy) is { } scheme)
                    throw new FormatException($"is an address ({scheme}:), of which nothing is fetched: {Expected}.");
                return DecodeBase64(work, 0, copy.Length);
            }

            int comma = copy.IndexOf((byte)',');
            if (comma < 0) throw new FormatException("is a data URL without a comma: it begins like data:image/png;base64,");
            int end = comma + 1 + DecodePercents(BeforeFragment(copy[(comma + 1)..]));
            if (IsBase64(copy["data:".Length..comma])) return DecodeBase64(work, comma + 1, end);
            // A picture has bytes that no text has.
            ReadOnlySpan<byte> plain = copy[(comma + 1)..end];
            return plain.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? plain.ToArray()
                : throw new FormatException(
                    "is a data URL without ';base64' before its comma, and text after it: a picture's begins like data:image/png;base64,");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(work);
        }
    }

    /// <summary>Decodes a part of an array in its place; two more bytes follow it.</summary>
    private static byte[] DecodeBase64(byte[] work, int from, int to)
    {
        Span<byte> text = work.AsSpan(from, to - from);
        text.Replace((byte)'-', (byte)'+');
        text.Replace((byte)'_', (byte)'/');
        foreach (byte space in "\t\n\f\r"u8) text.Replace(space, (byte)' ');
        text = text.TrimEnd((byte)' ');
        for (int padding = 0; padding < 2 && text.EndsWith("="u8); padding++) text = text[..^1].TrimEnd((byte)' ');
        int wrong = text.IndexOfAnyExcept(Alphabet);
        if (wrong >= 0) throw new FormatException($"is no valid base64 (its character {wrong + 1} is none of the alphabet): {Expected}.");
        // The decoder would skip them, but not between the last digits.
        int digits = 0;
        foreach (byte digit in text)
        {
            if (digit != ' ') work[from + digits++] = digit;
        }

        if (digits == 0) throw new FormatException($"holds no picture: {Expected}.");
        if (digits % 4 == 1) throw new FormatException($"is no valid base64 (cut off after {digits} characters): {Expected}.");
        int length = digits;
        while (length % 4 != 0) work[from + length++] = (byte)'=';
        byte[] bytes = new byte[(length / 4 * 3) - (length - digits)];
        OperationStatus status = Base64.DecodeFromUtf8(work.AsSpan(from, length), bytes, out _, out int written);
        return status == OperationStatus.Done && written == bytes.Length
            ? bytes : throw new FormatException($"is no valid base64: {Expected}.");
    }

    /// <summary>Decodes percent-encoded bytes in their place; a percent sign without two digits is itself.</summary>
    /// <returns>How many bytes there are then.</returns>
    private static int DecodePercents(Span<byte> text)
    {
        int written = text.IndexOf((byte)'%');
        if (written < 0) return text.Length;
        for (int read = written; read < text.Length; read++)
        {
            bool encoded = text[read] == '%' && read + 2 < text.Length && char.IsAsciiHexDigit((char)text[read + 1])
                && char.IsAsciiHexDigit((char)text[read + 2]);
            text[written++] = encoded ? (byte)((HexDigit(text[read + 1]) << 4) | HexDigit(text[read + 2])) : text[read];
            if (encoded) read += 2;
        }

        return written;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static Span<byte> BeforeFragment(Span<byte> text) => text.IndexOf((byte)'#') is >= 0 and var mark ? text[..mark] : text;

    private static bool IsBase64(ReadOnlySpan<byte> header)
    {
        foreach (Range parameter in header.Split((byte)';'))
        {
            if (Ascii.EqualsIgnoreCase(Trim(header[parameter]), "base64"u8)) return true;
        }

        return false;
    }

    // Base64 has no colon.
    private static string? Scheme(ReadOnlySpan<byte> text)
    {
        int colon = text[..Math.Min(text.Length, 16)].IndexOf((byte)':');
        if (colon < 2) return null;
        foreach (byte letter in text[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'+' or (byte)'-' or (byte)'.')) return null;
        }

        return Encoding.ASCII.GetString(text[..colon]);
    }

    // As addresses are trimmed: control characters and spaces.
    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = text.IndexOfAnyExceptInRange((byte)0, (byte)' ');
        return start < 0 ? [] : text[start..(text.LastIndexOfAnyExceptInRange((byte)0, (byte)' ') + 1)];
    }
}
