namespace PaliGguf.Broker.Messages;

/// <summary>Where the picture of a message is: behind the message's object, in a file that collector and workers see, or at an address.</summary>
/// <param name="Name">What it is called.</param>
internal sealed record PictureReference(string Name)
{
    /// <summary>The full path of its file; null where it is elsewhere.</summary>
    public string? Path { get; init; }

    /// <summary>Its address; null where it is elsewhere.</summary>
    public string? Address { get; init; }

    /// <summary>How many bytes of it are in the message; null where it is elsewhere.</summary>
    public int? Inline { get; init; }
}
