using System.Text.RegularExpressions;

namespace PaliGguf.Conversion.Sources;

/// <summary>What a user names as a file or folder may be an address, or the name of a model elsewhere.</summary>
internal static partial class LocalPath
{
    /// <summary>The path that is meant.</summary>
    /// <param name="given">A path, or a <c>file:</c> address.</param>
    /// <param name="what">What it should be, for messages.</param>
    /// <exception cref="ModelFormatException">It is an address of something that is not on this machine.</exception>
    public static string Of(string given, string what)
    {
        if (given.StartsWith("file:", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(given, UriKind.Absolute, out Uri? uri)
            && (uri.Host.Length == 0 || uri.IsLoopback))
        {
            return uri.LocalPath;
        }

        string shown = OneLine.Show(given);
        if (Hub().Match(given) is { Success: true } hub)
        {
            throw new ModelFormatException(shown,
                $"this is an address, and {what} on this machine is wanted: {Pull(hub.Groups["name"].Value)}");
        }

        if (Address().IsMatch(given))
            throw new ModelFormatException(shown, $"this is an address, and {what} on this machine is wanted: download it first");
        if (HubName().IsMatch(given) && !Path.Exists(given))
        {
            throw new ModelFormatException(shown,
                $"no such folder or file: if it is the name of a model on the Hugging Face hub, {Pull(given)}");
        }

        return given;
    }

    private static string Pull(string name) => $"'paligguf pull {OneLine.Show(name)}' gets it, and converts a checkpoint while it arrives";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9+.-]+://", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^https?://(www\.)?(huggingface\.co|hf\.co)/(?<name>[\w.-]+/[\w.-]+)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Hub();

    [GeneratedRegex(@"^[A-Za-z0-9][\w-]*/[A-Za-z0-9][\w.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HubName();
}
