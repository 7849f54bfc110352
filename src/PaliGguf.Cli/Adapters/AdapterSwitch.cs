using PaliGguf.Adapters;
using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Adapters;

/// <summary>The line with which a conversation changes its adapters: "/lora NAME:0.5; NAME", or "/lora" for none.</summary>
internal static class AdapterSwitch
{
    private const string Command = "/lora";

    /// <summary>Reads a line.</summary>
    /// <param name="line">What the user wrote.</param>
    /// <param name="loaded">The model's adapters.</param>
    /// <returns>The adapters from now on; null if the line is a prompt.</returns>
    /// <exception cref="UsageException">The model has no adapter of a name.</exception>
    public static IReadOnlyList<AdapterScale>? Parse(string line, IReadOnlyList<AdapterInfo> loaded)
    {
        string[] words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        if (words[0] != Command) return null;
        string[] entries = words.Length == 1 ? [] : words[1].Split(UserSettings.ListSeparator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. entries.Select(ScaledPath.Parse).Select(entry => loaded.Any(adapter => adapter.Name == entry.Path)
            ? new AdapterScale(entry.Path, entry.Scale)
            : throw new UsageException($"there is no adapter '{entry.Path}'; loaded: {(loaded.Count == 0 ? "none" : string.Join(", ", loaded.Select(adapter => adapter.Name)))}."))];
    }
}
