namespace PaliGguf.Hub.Http;

/// <summary>A request failed in a way that another attempt may not: the line broke, or the server asks to wait.</summary>
/// <param name="message">What happened.</param>
/// <param name="wait">How long to wait at least; null where nobody said so.</param>
/// <param name="innerException">The cause.</param>
internal sealed class Interruption(string message, TimeSpan? wait = null, Exception? innerException = null)
    : HubException(message, innerException)
{
    public TimeSpan? Wait { get; } = wait;
}
