using System.Diagnostics;
using System.Text;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Connections;

/// <summary>A message as it was delivered: it is the broker's until it is acknowledged, in the session that it came by.</summary>
/// <param name="Session">The session.</param>
/// <param name="Tag">Its number there.</param>
/// <param name="Queue">The queue that it came from.</param>
/// <param name="IsRedelivered">Whether it was delivered before, and came back.</param>
/// <param name="Properties">What is written on it.</param>
/// <param name="Body">What is in it.</param>
internal sealed record Delivery(
    BrokerSession Session, ulong Tag, string Queue, bool IsRedelivered, IReadOnlyBasicProperties Properties, byte[] Body)
{
    private const int LongestText = 4096;

    /// <summary>When it came.</summary>
    public long Since { get; } = Stopwatch.GetTimestamp();

    /// <summary>Takes it out of the queue; nothing where the session is over, after which it comes again.</summary>
    public Task AckAsync() => Session.AckAsync(Tag);

    /// <summary>A text that is written on it; null where there is none, or none of a reasonable length.</summary>
    public string? Text(string header) =>
        Properties.Headers is { } headers && headers.TryGetValue(header, out object? value)
        && value is byte[] { Length: <= LongestText } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>A number that is written on it; 0 where there is none.</summary>
    public long Number(string header) =>
        Properties.Headers is { } headers && headers.TryGetValue(header, out object? value)
            ? value switch { int number => number, long number => number, _ => 0 } : 0;
}
