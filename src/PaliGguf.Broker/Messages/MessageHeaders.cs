namespace PaliGguf.Broker.Messages;

/// <summary>What is written on messages beside what they hold.</summary>
internal static class MessageHeaders
{
    /// <summary>Why nobody can answer about a picture.</summary>
    public const string Reason = "paligguf-reason";

    /// <summary>How often a picture that had come back was begun, with the time that it is delivered now.</summary>
    public const string Begun = "paligguf-begun";

    /// <summary>For how many milliseconds a worker had a picture until it was answered.</summary>
    public const string Held = "paligguf-held";
}
