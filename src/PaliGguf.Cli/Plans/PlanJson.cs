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
        row.Type, LowerCase.Of(row.Plan.Vision), row.Plan.GpuLayers, LowerCase.Of(row.Plan.CacheType), row.Plan.ContextLength, row.Plan.PrefixLength, row.Plan.Sequences, LowerCase.Of(row.Fit),
        recommended, row.Explanation, DeviceJson.From(row.Plan.Ram), DeviceJson.From(row.Plan.Vram));
}
