namespace PaliGguf.Cli.Mcp;

/// <summary>How far loading has come, for whoever waits for it.</summary>
internal sealed class LoadWatch : IProgress<LoadProgress>
{
    private volatile Box _latest = new(new LoadProgress("loading the model", 0));

    public LoadProgress Latest => _latest.Progress;

    public void Report(LoadProgress value) => _latest = new Box(value);

    private sealed record Box(LoadProgress Progress);
}
