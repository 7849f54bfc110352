using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Mcp;

/// <summary>One server for all tests of a class, which may read pali-nano's samples and a folder of the tests' own.</summary>
public sealed class ServedSamples : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new(), _outside = new();

    internal ToolClient Client { get; private set; } = null!;

    internal TemporaryFolder Folder => _folder;

    /// <summary>A folder that the server may not read.</summary>
    internal TemporaryFolder Outside => _outside;

    public async Task InitializeAsync() => Client = await ToolClient.StartAsync("--allow", ".", "--allow", Folder.Path);

    public async Task DisposeAsync() => await Client.DisposeAsync();

    public void Dispose()
    {
        _folder.Dispose();
        _outside.Dispose();
    }
}
