namespace PaliGguf.Conversion;

/// <summary>
/// A safetensors file of a checkpoint that lies elsewhere and is never stored here: it is read once, front to back, and converted while
/// it arrives.
/// </summary>
public sealed class StreamedFile
{
    /// <summary>Its name in the checkpoint's folder: <c>model.safetensors</c>, or one that the index names.</summary>
    public required string Name { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The SHA-256 that it must have, as 64 hexadecimal digits; null where none is known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// Opens a part of it: gets the first byte, how many there are, and what ends their reading; gives a stream that ends after them.
    /// Reading may block, and an exception ends the conversion.
    /// </summary>
    public required Func<long, long, CancellationToken, Stream> Open { get; init; }
}
