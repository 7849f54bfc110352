using PaliGguf.Memory;

namespace PaliGguf.Cli.Plans;

/// <summary>What "plan --json" prints.</summary>
internal sealed record PlanJson(string Model, long? RamLimit, long? VramLimit, IReadOnlyList<PlanRowJson> Plans)
{
    public static PlanJson From(string model, MemoryLimits limits, PlanTable table) => new(
        model, limits.Ram, limits.Vram, [.. table.Rows.Select(row => PlanRowJson.From(row, recommended: ReferenceEquals(row, table.Recommended)))]);
}

/// <summary>One way to run it.</summary>
internal sealed record PlanRowJson(
    string Type, string Tower, int GpuLayers, string KvType, int Context, int Prefix, int Sequences, string Fit, bool Recommended, string Explanation,
    DeviceJson Ram, DeviceJson Vram)
{
    public static PlanRowJson From(PlanRow row, bool recommended) => new(
        row.Type, Lower(row.Plan.Vision), row.Plan.GpuLayers, Lower(row.Plan.CacheType), row.Plan.ContextLength, row.Plan.PrefixLength, row.Plan.Sequences, Lower(row.Fit),
        recommended, row.Explanation, DeviceJson.From(row.Plan.Ram), DeviceJson.From(row.Plan.Vram));

    internal static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}

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
        return new PartJson(char.ToLowerInvariant(part[0]) + part[1..], use.Bytes, PlanRowJson.Lower(use.Stage), use.Mapped);
    }
}
