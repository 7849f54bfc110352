namespace PaliGguf.Server.Tests.Clients;

/// <summary>OpenAI's client for Node, as chat programs use it.</summary>
public sealed class OpenAiClientTests
{
    [NodeFact]
    public async Task It_has_whole_conversations() => await NodeClients.RunAsync("openai-chat", (await RunningServer.Shared).Address);

    [NodeFact]
    public async Task It_creates_responses() => await NodeClients.RunAsync("openai-responses", (await RunningServer.Shared).Address);

    [NodeFact]
    public async Task It_is_let_in_with_a_key_alone()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { ApiKeys = ["open-sesame"] });
        await NodeClients.RunAsync("openai-key", server.Address, ("KEY", "open-sesame"));
    }
}
