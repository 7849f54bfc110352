using System.Text.Json;

namespace PaliGguf.Server.Tests;

/// <summary>A server-sent event.</summary>
internal sealed record ServerEvent(string? Name, string Data)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;
}

/// <summary>Reads server-sent events.</summary>
internal static class EventReader
{
    /// <summary>The events of a stream that is broken off: reading on after the last one fails.</summary>
    public static async Task<List<ServerEvent>> BrokenEventsAsync(this HttpResponseMessage response)
    {
        List<ServerEvent> events = [];
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (ServerEvent sent in response.EventsAsync()) events.Add(sent);
        });
        Assert.True(failure is HttpRequestException or IOException, failure.ToString());
        return events;
    }

    public static async IAsyncEnumerable<ServerEvent> EventsAsync(this HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        string? name = null;
        List<string> data = [];
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["event", var text]:
                    name = text;
                    break;
                case ["data", var text]:
                    data.Add(text);
                    break;
                default:
                    Assert.Equal("", line);
                    yield return new ServerEvent(name, string.Join('\n', data));
                    name = null;
                    data.Clear();
                    break;
            }
        }

        Assert.Empty(data);
    }
}
