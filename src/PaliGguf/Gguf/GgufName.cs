using System.Text;

namespace PaliGguf.Gguf;

/// <summary>
/// Keys and tensor names: strict UTF-8 without control characters, so that they compare as in native code, where a zero ends a name, and can
/// be shown in one line.
/// </summary>
internal static class GgufName
{
    private const int Shown = 80;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a name.</summary>
    /// <param name="bytes">The name as stored.</param>
    /// <param name="name">The name, or an approximation to show in a message.</param>
    /// <returns>What is wrong with it ("is empty"), or null.</returns>
    public static string? Decode(ReadOnlySpan<byte> bytes, out string name)
    {
        name = Encoding.UTF8.GetString(bytes);
        if (bytes.IsEmpty) return "is empty";
        if (name.Any(EndsLine)) return "has control characters";
        return name.Contains('\uFFFD', StringComparison.Ordinal) ? "is not UTF-8" : null;
    }

    /// <summary>Encodes a name for a file.</summary>
    /// <exception cref="ArgumentException">It is empty, too long, or has control characters or lone surrogates.</exception>
    public static byte[] Encode(string name, int maxBytes, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameterName);
        int length = Measure(name, parameterName);
        if (length > maxBytes) throw new ArgumentException($"The name {Quote(name)} has {length} bytes; at most {maxBytes} fit.", parameterName);
        byte[] bytes = StrictUtf8.GetBytes(name);
        return Decode(bytes, out _) is { } problem ? throw new ArgumentException($"The name {Quote(name)} {problem}.", parameterName) : bytes;
    }

    /// <summary>The length of a text in a file.</summary>
    /// <exception cref="ArgumentException">It has lone surrogates, or is too long.</exception>
    public static int Measure(string text, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(text, parameterName);
        try
        {
            int bytes = StrictUtf8.GetByteCount(text);
            return bytes <= GgufLimits.StringBytes
                ? bytes
                : throw new ArgumentException($"A string of {bytes} bytes is too long; at most {GgufLimits.StringBytes} fit.", parameterName);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException($"The text {Quote(text)} has a lone surrogate at {e.Index}.", parameterName, e);
        }
    }

    /// <summary>A name from a file in quotation marks, fit for a one-line message: shortened, control characters replaced.</summary>
    public static string Quote(string name)
    {
        string shown = name.Length > Shown ? string.Concat(name.AsSpan(0, Shown), "...") : name;
        return string.Create(shown.Length + 2, shown, static (target, text) =>
        {
            target[0] = target[^1] = '\'';
            for (int i = 0; i < text.Length; i++) target[i + 1] = EndsLine(text[i]) ? '?' : text[i];
        });
    }

    private static bool EndsLine(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
