using PaliGguf.Hub;

namespace PaliGguf.Hosting.Models;

/// <summary>Names in the place of paths: those of what was pulled from a hub.</summary>
internal static class PulledName
{
    /// <summary>The text model that is meant: a path as it is, where there is something or nothing of that name was pulled.</summary>
    /// <exception cref="HubException">Several were pulled, or it is a name, and none of that was.</exception>
    public static string ModelPath(string text)
    {
        if (!MayBeName(text)) return text;
        ModelHub hub = new(new HubOptions());
        IReadOnlyList<PulledItem> pairs = [.. hub.Find(text).Where(item => item.TextPath is not null)];
        string[] variants = [.. pairs.Select(item => $"{item.Name}:{item.Variant}").Distinct()];
        if (variants.Length > 1) throw new HubException($"several models were pulled as {text}: name one of {string.Join(", ", variants)}");
        return pairs.Count > 0 ? pairs[0].TextPath!
            : throw Unknown(hub, text, "no such model file, and no model of that name was pulled");
    }

    /// <summary>The folder of an adapter or a data set that was pulled; else the text as it is.</summary>
    public static string Folder(string text) =>
        MayBeName(text) && new ModelHub(new HubOptions()).Find(text).FirstOrDefault(item => item is { IsComplete: true, TextPath: null })
            is { } item ? item.Folder : text;

    /// <summary>The failure that nothing of a name was pulled.</summary>
    public static HubException Unknown(ModelHub hub, string text) => Unknown(hub, text, "nothing of that name was pulled");

    private static HubException Unknown(ModelHub hub, string text, string problem)
    {
        IEnumerable<string> known = hub.List().Where(item => item.IsComplete)
            .SelectMany(item => (IEnumerable<string>)[item.Name, item.Name.Split('/')[1], $"{item.Name}:{item.Variant}"]);
        string suggestion = Suggestion.For(text, known.Distinct());
        string pull = suggestion.Length == 0 && text.Contains('/', StringComparison.Ordinal)
            ? $"; 'paligguf pull {text.Split(':')[0]}' gets it from the hub" : "";
        return new HubException($"{text}: {problem}{suggestion}{pull}; 'paligguf list' tells what was");
    }

    // Where there is a file, it is meant; and what ends like one, or says where it is, is one that there is not.
    private static bool MayBeName(string text) =>
        !Path.Exists(text) && !Path.IsPathRooted(text) && !text.StartsWith('.') && !text.StartsWith('~') && !text.Contains('\\')
            && text.Count(character => character == '/') <= 1
        && !text.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) && !text.Contains(' ', StringComparison.Ordinal) && text.Length > 0;
}
