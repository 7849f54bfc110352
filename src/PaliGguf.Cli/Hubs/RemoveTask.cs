using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Hub;

namespace PaliGguf.Cli.Hubs;

/// <summary>Removes what was pulled.</summary>
internal sealed class RemoveTask(Terminal terminal, UserSettings settings)
{
    /// <param name="name">NAME, or NAME:TYPE for one type of it.</param>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(string name)
    {
        ModelHub hub = new(new HubOptions());
        IReadOnlyList<PulledItem> found = hub.Find(name);
        if (found.Count == 0) throw PulledName.Unknown(hub, name);
        PulledListJson removed = new(hub.Home, [.. found.Select(PulledJson.From)]);
        foreach ((PulledItem item, PulledJson what) in found.Zip(removed.Pulled))
        {
            hub.Remove(item);
            if (!settings.Json) terminal.WriteLine($"removed {what.Name} {what.Type}, {Quantity.Bytes(what.Bytes)}");
        }

        if (settings.Json) terminal.WriteJson(removed, HubsJson.Default.PulledListJson);
        return Task.FromResult(ExitCode.Success);
    }
}
