using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>An answer in pieces: server-sent events, each with JSON.</summary>
internal sealed class EventStream
{
    public const string ContentType = "text/event-stream";

    private static readonly JsonWriterOptions Readable = new() { Encoder = HttpJson.Encoder };

    // So that a client takes in the last event before it learns that there is no end: some forget what they have not looked at yet.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpResponse _response;
    private readonly CancellationToken _clientLeft;

    /// <summary>Begins the answer.</summary>
    public EventStream(HttpContext context)
    {
        (_response, _clientLeft) = (context.Response, context.RequestAborted);
        _response.ContentType = ContentType;
        // Proxies that gather answers are asked not to.
        _response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Sends an event, at once.</summary>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="value">Its data.</param>
    /// <param name="type">How that is written.</param>
    public async Task SendAsync<T>(string? name, T value, JsonTypeInfo<T> type)
    {
        PipeWriter writer = _response.BodyWriter;
        if (name is not null) writer.Write(Encoding.UTF8.GetBytes($"event: {name}\n"));
        writer.Write("data: "u8);
        using (Utf8JsonWriter json = new(writer, Readable)) JsonSerializer.Serialize(json, value, type);
        writer.Write("\n\n"u8);
        await writer.FlushAsync(_clientLeft);
    }

    /// <summary>
    /// Sends an event that tells why the answer does not go on. Clients that do not know such events must not take the answer for complete,
    /// so the connection is to be broken off.
    /// </summary>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="value">Its data.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="reason">What it tells.</param>
    /// <returns>What is to be thrown, so that it is.</returns>
    public async Task<BrokenOffException> BreakOffAsync<T>(string? name, T value, JsonTypeInfo<T> type, RejectionException reason)
    {
        await SendAsync(name, value, type);
        await Task.Delay(Pause, _clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new BrokenOffException(reason);
    }

    /// <summary>Sends data that is not JSON.</summary>
    public async Task SendAsync(string data)
    {
        _response.BodyWriter.Write(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        await _response.BodyWriter.FlushAsync(_clientLeft);
    }
}

/// <summary>An answer ends in its middle, and the client has been told why. The web server closes the connection without the mark that ends
/// an answer.</summary>
/// <param name="reason">Why.</param>
internal sealed class BrokenOffException(RejectionException reason) : Exception(reason.Message, reason)
{
    public int Status { get; } = reason.Status;
}
