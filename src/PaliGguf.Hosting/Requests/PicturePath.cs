using PaliGguf.Imaging;

namespace PaliGguf.Hosting.Requests;

/// <summary>Pictures' files as people and agents name them.</summary>
internal static class PicturePath
{
    private const int LongestName = 200;

    /// <summary>The path that a text names.</summary>
    /// <exception cref="ImageException">It is the address of something elsewhere, or no valid file URI.</exception>
    public static string Of(string text)
    {
        LocalName name = LocalName.Of(text);
        return name.Problem is { } problem ? throw new ImageException(text.Length <= LongestName ? text : text[..LongestName] + "...", problem) : name.Path;
    }
}
