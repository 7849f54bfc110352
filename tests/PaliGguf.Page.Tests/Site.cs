namespace PaliGguf.Page.Tests;

/// <summary>A server with the small trained model, behind a real port.</summary>
internal sealed class Site(PaliServer server) : IAsyncDisposable
{
    private static readonly Lazy<Task<Site>> OneForAll = new(() => StartAsync());

    /// <summary>With nothing but defaults: used by all tests that change nothing about it, until the process ends.</summary>
    public static Task<Site> Shared => OneForAll.Value;

    public Uri Address => server.Addresses[0];

    public static async Task<Site> StartAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        // One thread: the library's threads spin while they wait for each other, and tests share few cores.
        ServerOptions options = new() { Model = Repository.PaliNano, ModelOptions = new ModelOptions { Threads = 1, Sequences = 1 }, Urls = ["http://127.0.0.1:0"] };
        return new Site(await PaliServer.StartAsync(configure?.Invoke(options) ?? options));
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>The same model in the library: what it says is what the page is to show.</summary>
internal static class Library
{
    private static readonly Lazy<Task<PaliModel>> OneForAll = new(() => PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { Threads = 1 }));

    public static Task<PaliModel> Model => OneForAll.Value;
}
