using System.CommandLine;

namespace PaliGguf.Cli.Settings;

/// <summary>The options of the server, settings like <see cref="CommonOptions"/>.</summary>
internal static class ServeOptions
{
    public static IReadOnlyList<Option> All { get; } = [.. ServerOptionSet.All.Select(Create)];

    private static Option Create(ServerOption option) =>
        option.Value is null ? CommonOptions.Of<bool>(option.Name, option.Description)
        : option.IsList ? CommonOptions.Of<string[]>(option.Name, option.Description, option.Value)
        : CommonOptions.Of<string>(option.Name, option.Description, option.Value);
}
