using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Hub;

namespace PaliGguf.Cli.Hubs;

/// <summary>Pulls something of a hub, and prints its files.</summary>
internal sealed class PullTask(Terminal terminal, UserSettings settings)
{
    /// <param name="options">What to pull.</param>
    /// <param name="tokenFile">The file with the token; null for the usual places.</param>
    /// <param name="offline">Whether the hub is not asked.</param>
    /// <param name="cancellationToken">Ends it; the next run goes on.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(PullOptions options, string? tokenFile, bool offline, CancellationToken cancellationToken)
    {
        PullResult result;
        await using (SlowStatus status = new(terminal, "asking the hub"))
        {
            result =
                await new ModelHub(HubOptions.FromEnvironment(tokenFile, offline)).PullAsync(options, new PullStatus(status),
                    cancellationToken);
        }

        foreach (string warning in result.Warnings) ErrorLine.Print($"warning: {warning}");
        if (settings.Json)
        {
            terminal.WriteJson(PullJson.From(result), HubsJson.Default.PullJson);
            return ExitCode.Success;
        }

        PulledItem item = result.Item;
        foreach (PulledFile file in item.Manifest!.Files)
            terminal.WriteLine($"{Path.Combine(item.Folder, file.Name)}  {Quantity.Bytes(file.Bytes)}");
        string read = result.WasThere ? "which was there before" : $"{Quantity.Bytes(result.BytesReceived)} read from the hub";
        terminal.WriteLine($"{item.Name} at {item.Commit[..12]}, {read}");
        if (item.TextPath is not null)
            terminal.WriteLine($"It is run by its name: paligguf caption PICTURE --model {item.Name}:{item.Variant}");
        return ExitCode.Success;
    }
}
