namespace PaliGguf.Hosting.Pictures;

/// <summary>A picture was not fetched, and why.</summary>
/// <param name="message">A sentence.</param>
internal sealed class RemotePictureException(string message) : PaliException(message)
{
    /// <summary>Whether it is not allowed; otherwise it was tried in vain.</summary>
    public bool IsRefused { get; init; }
}
