namespace PaliGguf.Batch.Sources;

/// <summary>A member of a tar file: where its bytes are.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct TarMember(string Name, long Offset, long Length)
{
    /// <summary>Why its bytes are not those of a file; null where they are.</summary>
    public string? Problem { get; init; }
}
