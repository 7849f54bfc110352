namespace PaliGguf.Broker.Messages;

/// <summary>A message is not what it should be: somebody else wrote it, or it was damaged.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="inner">What was found first.</param>
internal sealed class MessageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A message is of a newer version than this program knows. It stays where it is, for a program that does.</summary>
/// <param name="version">Its version.</param>
internal sealed class NewerMessageException(long version)
    : PaliException($"a message has the version {version}, and this program knows {MessageJson.Version}: use the same release of paligguf on "
        + "all machines of a job. The message stays in the queue.");
