using PaliGguf.Tests;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests.Pulling;

/// <summary>A hub with one repository, and an empty folder for what is pulled from it.</summary>
internal sealed class Pulls : IAsyncDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly Asking _asking;

    private Pulls(Asking asking) => _asking = asking;

    public LocalHub Hub => _asking.Hub;

    public HubRepository Repository => _asking.Repository;

    public List<string> Reasons { get; } = [];

    public List<PullProgress> Told { get; } = [];

    public string Home => _home.Path;

    public static async Task<Pulls> StartAsync() => new(await Asking.StartAsync());

    public ModelHub Client(string? token = null, bool offline = false) => new(_asking.Options(token, offline), Home);

    public Task<PullResult> PullAsync(PullOptions? options = null, string? token = null, bool offline = false) =>
        Client(token, offline).PullAsync(options ?? new PullOptions { Name = Asking.Name }, new Listener(this));

    /// <summary>What was asked of the host with the large files, since the last call.</summary>
    public IReadOnlyList<HubRequest> TakeContentRequests()
    {
        HubRequest[] requests = [.. Hub.Requests.Where(request => request.ToContent)];
        Hub.Requests.Clear();
        return requests;
    }

    /// <summary>All files below the folder, by their paths there.</summary>
    public IEnumerable<string> Files =>
        Directory.EnumerateFiles(Home, "*", SearchOption.AllDirectories).Select(path =>
            Path.GetRelativePath(Home, path)).Order(StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _asking.DisposeAsync();
        _home.Dispose();
    }

    private sealed class Listener(Pulls pulls) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            pulls.Told.Add(value);
            if (value.Note is { } note) pulls.Reasons.Add(note);
        }
    }
}
