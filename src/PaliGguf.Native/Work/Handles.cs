namespace PaliGguf.Native.Work;

/// <summary>The handles of this process.</summary>
internal static class Handles
{
    public static HandleTable Table { get; } = new();
}
