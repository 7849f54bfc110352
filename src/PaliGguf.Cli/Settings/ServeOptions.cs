using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of the server, settings like <see cref="CommonOptions"/>.</summary>
internal static class ServeOptions
{
    public static IReadOnlyList<Option> All { get; } = [.. ServerOptionSet.All.Select(CommonOptions.Of)];
}
