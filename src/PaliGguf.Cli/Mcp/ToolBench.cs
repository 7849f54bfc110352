using PaliGguf.Cli.Settings;

namespace PaliGguf.Cli.Mcp;

/// <summary>What the tools work with. Few calls are at work at once, since each holds a decoded picture; more wait.</summary>
internal sealed class ToolBench(ToolPictures pictures, ToolModel model, UserSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _places = new(4);

    public ToolPictures Pictures => pictures;

    public ToolModel Model => model;

    public UserSettings Settings => settings;

    /// <summary>Waits for a place, which disposing the result frees.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        return new Place(_places);
    }

    public void Dispose() => _places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
