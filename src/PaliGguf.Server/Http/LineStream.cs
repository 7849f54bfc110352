using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>An answer in pieces: lines of JSON.</summary>
internal sealed class LineStream(HttpContext context) : AnswerStream(context, ContentType)
{
    public const string ContentType = "application/x-ndjson";

    /// <summary>Sends a line, at once.</summary>
    public Task SendAsync<T>(T value, JsonTypeInfo<T> type)
    {
        WriteJson(value, type);
        Writer.Write("\n"u8);
        return FlushAsync();
    }

    /// <summary>Sends a line that tells why the answer does not go on.</summary>
    /// <param name="value">The line.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="reason">What it tells.</param>
    /// <returns>What is to be thrown, so that the connection is broken off.</returns>
    public async Task<BrokenOffException> BreakOffAsync<T>(T value, JsonTypeInfo<T> type, RejectionException reason)
    {
        await SendAsync(value, type);
        return await BreakOffAsync(reason);
    }
}
