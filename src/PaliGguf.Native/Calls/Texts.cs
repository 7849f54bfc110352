using System.Text;
using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Calls;

/// <summary>Texts over the border, in UTF-8.</summary>
internal static unsafe class Texts
{
    private const int Longest = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text of the caller.</summary>
    /// <param name="text">Its first byte; null for none.</param>
    /// <param name="bytes">Its length; 0 where a NUL ends it.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <exception cref="CallException">It is longer than a mebibyte, or no UTF-8.</exception>
    public static string? In(byte* text, ulong bytes, string name)
    {
        if (text is null) return null;
        if (bytes > Longest) throw CallException.Argument($"{name} has {bytes} bytes, more than the {Longest} that a text may have.");
        ReadOnlySpan<byte> given = bytes > 0 ? new ReadOnlySpan<byte>(text, (int)bytes) : UntilNul(text, name);
        try
        {
            return Strict.GetString(given);
        }
        catch (DecoderFallbackException)
        {
            throw CallException.Argument($"{name} is not UTF-8.");
        }
    }

    /// <summary>A text that there has to be.</summary>
    public static string Required(byte* text, ulong bytes, string name) =>
        In(text, bytes, name) ?? throw CallException.Argument($"{name} is null.");

    /// <summary>Hands a text out.</summary>
    public static Status Out(string text, byte* buffer, nuint capacity, nuint* length) =>
        Out(Encoding.UTF8.GetBytes(text), buffer, capacity, length);

    /// <summary>Hands a text out: as much of it as there is room for, cut between two characters, and a NUL.</summary>
    /// <exception cref="CallException">There is no buffer, but a capacity.</exception>
    public static Status Out(ReadOnlySpan<byte> text, byte* buffer, nuint capacity, nuint* length)
    {
        if (buffer is null && capacity > 0) throw CallException.Argument($"buffer is null, and its capacity {capacity}.");
        if (length is not null) *length = (nuint)text.Length;
        // Somebody who asks for the length alone.
        if (capacity == 0) return Status.Ok;
        int fits = (int)Math.Min((nuint)text.Length, capacity - 1);
        while (fits > 0 && fits < text.Length && (text[fits] & 0xC0) == 0x80) fits--;
        text[..fits].CopyTo(new Span<byte>(buffer, fits));
        buffer[fits] = 0;
        return fits == text.Length ? Status.Ok : Status.Cut;
    }

    /// <summary>Whether a place in a text is between two characters.</summary>
    public static bool IsBorder(ReadOnlySpan<byte> text, int offset) => offset == text.Length || (text[offset] & 0xC0) != 0x80;

    private static ReadOnlySpan<byte> UntilNul(byte* text, string name)
    {
        int length = 0;
        while (text[length] != 0)
        {
            if (++length > Longest) throw CallException.Argument($"{name} has no NUL within {Longest} bytes.");
        }

        return new ReadOnlySpan<byte>(text, length);
    }
}
