using System.Buffers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>An answer in pieces: server-sent events, each with JSON.</summary>
internal sealed class EventStream(HttpContext context) : AnswerStream(context, ContentType)
{
    public const string ContentType = "text/event-stream";

    /// <summary>Sends an event, at once.</summary>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="value">Its data.</param>
    /// <param name="type">How that is written.</param>
    public Task SendAsync<T>(string? name, T value, JsonTypeInfo<T> type)
    {
        if (name is not null) Writer.Write(Encoding.UTF8.GetBytes($"event: {name}\n"));
        Writer.Write("data: "u8);
        WriteJson(value, type);
        Writer.Write("\n\n"u8);
        return FlushAsync();
    }

    /// <summary>Sends an event that tells why the answer does not go on.</summary>
    /// <param name="name">Its name; null for none.</param>
    /// <param name="value">Its data.</param>
    /// <param name="type">How that is written.</param>
    /// <param name="reason">What it tells.</param>
    /// <returns>What is to be thrown, so that the connection is broken off.</returns>
    public async Task<BrokenOffException> BreakOffAsync<T>(string? name, T value, JsonTypeInfo<T> type, RejectionException reason)
    {
        await SendAsync(name, value, type);
        return await BreakOffAsync(reason);
    }

    /// <summary>Sends data that is not JSON.</summary>
    public Task SendAsync(string data)
    {
        Writer.Write(Encoding.UTF8.GetBytes($"data: {data}\n\n"));
        return FlushAsync();
    }
}
