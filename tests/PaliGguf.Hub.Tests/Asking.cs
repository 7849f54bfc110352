using PaliGguf.Hub.Http;
using PaliGguf.Hub.Repositories;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests;

/// <summary>A hub with one repository, and a client of it whose waits are noted instead of waited for.</summary>
internal sealed class Asking : IAsyncDisposable
{
    public const string Name = "google/tiny";

    private Asking(LocalHub hub) => (Hub, Repository) = (hub, hub.Add(Name));

    public LocalHub Hub { get; }

    public HubRepository Repository { get; }

    /// <summary>How long was to be waited, each time.</summary>
    public List<TimeSpan> Waits { get; } = [];

    /// <summary>Why, as it was told.</summary>
    public List<string> Reasons { get; } = [];

    public static async Task<Asking> StartAsync() => new(await LocalHub.StartAsync());

    public HubOptions Options(string? token = null, bool offline = false, TimeSpan? patience = null) => new()
    {
        Endpoint = Hub.Address,
        Token = token is null ? null : AccessToken.Parse(token, "test"),
        Offline = offline,
        Patience = patience ?? TimeSpan.FromSeconds(60),
        Pause = (wait, _) =>
        {
            Waits.Add(wait);
            return Task.CompletedTask;
        },
    };

    /// <summary>Opens the repository.</summary>
    public Task<RemoteRepository> OpenAsync(HubConnection connection, string name = Name, string revision = "main") =>
        RemoteRepository.OpenAsync(connection, RepositoryName.Parse(name, RepositoryKind.Model), revision, Reasons.Add,
            CancellationToken.None);

    /// <summary>Reads one of its files as a whole.</summary>
    public async Task<byte[]> ReadAsync(string path, HubOptions? options = null)
    {
        using HubConnection connection = new(options ?? Options());
        RemoteRepository repository = await OpenAsync(connection);
        RepositoryFile file = (await repository.ListAsync(CancellationToken.None)).Single(file => file.Path == path);
        return await repository.ReadAllAsync(file, int.MaxValue, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => Hub.DisposeAsync();

    /// <summary>Bytes that differ from place to place.</summary>
    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(7).NextBytes(bytes);
        return bytes;
    }
}
