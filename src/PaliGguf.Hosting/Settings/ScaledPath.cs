using System.Globalization;

namespace PaliGguf.Hosting.Settings;

/// <summary>A path or a name with a scale: "PATH" or "PATH:0.5".</summary>
/// <param name="Path">What stands before the scale.</param>
/// <param name="Scale">The scale; 1 where none is given.</param>
internal readonly record struct ScaledPath(string Path, float Scale)
{
    /// <summary>Takes the scale off the end: what follows the last colon, if it is a number.</summary>
    /// <exception cref="UsageException">Nothing stands before it.</exception>
    public static ScaledPath Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        bool scaled = float.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out float scale) && float.IsFinite(scale);
        ScaledPath parsed = colon >= 0 && scaled ? new ScaledPath(text[..colon], scale) : new ScaledPath(text, 1);
        return parsed.Path.Length > 0 ? parsed : throw new UsageException($"'{text}' names no adapter; expected PATH or PATH:SCALE.");
    }
}
