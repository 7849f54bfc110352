using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>An answer in pieces.</summary>
internal abstract class AnswerStream
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = HttpJson.Encoder };

    // So that a client takes in the last piece before it learns that there is no end: some forget what they have not looked at yet.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpResponse _response;
    private readonly CancellationToken _clientLeft;

    /// <summary>Begins the answer.</summary>
    protected AnswerStream(HttpContext context, string contentType)
    {
        (_response, _clientLeft) = (context.Response, context.RequestAborted);
        _response.ContentType = contentType;
        // Proxies that gather answers are asked not to.
        _response.Headers["X-Accel-Buffering"] = "no";
    }

    protected PipeWriter Writer => _response.BodyWriter;

    protected void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        using Utf8JsonWriter json = new(Writer, Readable);
        JsonSerializer.Serialize(json, value, type);
    }

    protected async Task FlushAsync() => await Writer.FlushAsync(_clientLeft);

    /// <summary>Waits until the last piece, which told why the answer does not go on, has been taken in. Clients that do not know such
    /// pieces must not take the answer for complete, so the connection is to be broken off.</summary>
    /// <param name="reason">What it told.</param>
    /// <returns>What is to be thrown, so that it is.</returns>
    protected async Task<BrokenOffException> BreakOffAsync(RejectionException reason)
    {
        await Task.Delay(Pause, _clientLeft).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new BrokenOffException(reason);
    }
}

/// <summary>An answer ends in its middle, and the client has been told why. The web server closes the connection without the mark that ends
/// an answer.</summary>
/// <param name="reason">Why.</param>
internal sealed class BrokenOffException(RejectionException reason) : Exception(reason.Message, reason)
{
    public int Status { get; } = reason.Status;
}
