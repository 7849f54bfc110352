namespace PaliGguf.AI.Tests;

/// <summary>One loaded model, and a client of it, for all tests of a class.</summary>
public sealed class LoadedNano : IAsyncLifetime, IDisposable
{
    internal PaliModel Model { get; private set; } = null!;

    internal PaliChatClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Model = await NanoModel.LoadAsync(new ModelOptions { Sequences = 3, ContextLength = 4096, ImagesPerPrompt = 2 });
        Client = new PaliChatClient(Model);
    }

    public async Task DisposeAsync() => await Model.DisposeAsync();

    public void Dispose() => Client.Dispose();
}
