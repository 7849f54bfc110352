namespace PaliGguf.Hub;

/// <summary>
/// What was asked of a hub, or of what was pulled from it, can not be done. The message names no token, and no address with one.
/// </summary>
public class HubException(string message, Exception? innerException = null) : PaliException(message, innerException);
