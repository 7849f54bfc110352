using PaliGguf.AI;

namespace PaliGguf.Cli.Mcp;

/// <summary>The model of the tools, which calls wait for while it loads.</summary>
internal sealed class ToolModel(PaliModelProvider provider, LoadWatch watch)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    public async Task<PaliModel> GetAsync(ToolProgress progress, CancellationToken cancellationToken)
    {
        Task<PaliModel> loading = provider.GetAsync(cancellationToken).AsTask();
        while (!loading.IsCompleted)
        {
            LoadProgress latest = watch.Latest;
            await progress.ReportAsync(latest.Fraction, latest.Stage, cancellationToken);
            await Task.WhenAny(loading, Task.Delay(Period, cancellationToken));
        }

        return await loading;
    }
}
