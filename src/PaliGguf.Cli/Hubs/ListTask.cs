using System.Globalization;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Hub;
using Spectre.Console;

namespace PaliGguf.Cli.Hubs;

/// <summary>Prints what was pulled.</summary>
internal sealed class ListTask(Terminal terminal, UserSettings settings)
{
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync()
    {
        ModelHub hub = new(new HubOptions());
        IReadOnlyList<PulledItem> items = hub.List();
        if (settings.Json)
            terminal.WriteJson(new PulledListJson(hub.Home, [.. items.Select(PulledJson.From)]), HubsJson.Default.PulledListJson);
        else if (items.Count == 0) ErrorLine.Print($"nothing was pulled into {hub.Home} yet: 'paligguf pull NAME' does");
        else Print(items);
        return Task.FromResult(ExitCode.Success);
    }

    private void Print(IReadOnlyList<PulledItem> items)
    {
        Grid grid = new();
        for (int column = 0; column < 5; column++) grid.AddColumn(new GridColumn { NoWrap = true });
        foreach (PulledItem item in items)
        {
            string state = item.Manifest?.Pulled.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
                ?? "unfinished: pull it again, or remove it";
            grid.AddRow(
                [.. new[] { item.Name, item.Variant, Quantity.Bytes(item.Bytes), item.Commit[..Math.Min(12, item.Commit.Length)],
                    state }.Select(text => new Text(text))]);
        }

        terminal.Tables().Write(grid);
    }
}
