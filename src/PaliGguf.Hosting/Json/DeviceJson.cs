using PaliGguf.Memory;

namespace PaliGguf.Hosting.Json;

/// <summary>One device's memory.</summary>
/// <param name="Bytes">What must be there at the fullest moment.</param>
/// <param name="MappedBytes">Pages of mapped files beside it, which the system may take back.</param>
/// <param name="Parts">What for.</param>
internal sealed record DeviceJson(long Bytes, long MappedBytes, IReadOnlyList<PartJson> Parts)
{
    public static DeviceJson From(DeviceMemory memory) => new(memory.Bytes, memory.MappedBytes, [.. memory.Uses.Select(PartJson.From)]);
}

/// <summary>Memory for one purpose.</summary>
internal sealed record PartJson(string Part, long Bytes, string Stage, bool Mapped)
{
    public static PartJson From(MemoryUse use)
    {
        string part = use.Part.ToString();
        return new PartJson(char.ToLowerInvariant(part[0]) + part[1..], use.Bytes, LowerCase.Of(use.Stage), use.Mapped);
    }
}

/// <summary>Names of values, as JSON has them.</summary>
internal static class LowerCase
{
    public static string Of<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
