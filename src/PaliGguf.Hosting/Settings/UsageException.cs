namespace PaliGguf.Hosting.Settings;

/// <summary>What the user asked for makes no sense as it was asked: an option, an argument or a setting is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
