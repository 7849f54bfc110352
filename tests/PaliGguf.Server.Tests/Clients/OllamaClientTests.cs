using PaliGguf.Server.Tests.Models;

namespace PaliGguf.Server.Tests.Clients;

/// <summary>Ollama's client for Node.</summary>
public sealed class OllamaClientTests
{
    [NodeFact]
    public async Task It_takes_the_server_for_an_ollama() => await NodeClients.RunAsync("ollama", (await RunningServer.Shared).Address);

    [NodeFact]
    public async Task It_chooses_from_several_models_and_says_how_long_they_stay()
    {
        using ModelFolder models = new();
        await using RunningServer server = await models.ServeAsync();
        await NodeClients.RunAsync("ollama-models", server.Address, ("FIRST", ModelFolder.First), ("SECOND", ModelFolder.Second));
    }
}
