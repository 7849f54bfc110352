using PaliGguf.Conversion;
using PaliGguf.Memory;

namespace PaliGguf.Cli.Plans;

/// <summary>All ways that are worth looking at, and the one to take.</summary>
internal sealed class PlanTable
{
    // The best first. Of the types that are alike in bits, the one that 'convert' and 'quantize' are mostly used with.
    private static readonly (ModelFileType Type, TypeQuality Quality)[] Types =
    [
        (ModelFileType.F16, TypeQuality.Full), (ModelFileType.Q8_0, TypeQuality.Good), (ModelFileType.Q6_K, TypeQuality.Good), (ModelFileType.Q5_K_M, TypeQuality.Good),
        (ModelFileType.Q4_K_M, TypeQuality.Good), (ModelFileType.Q4_0, TypeQuality.Good), (ModelFileType.Q3_K_M, TypeQuality.Low), (ModelFileType.Q2_K, TypeQuality.Low),
    ];

    private PlanTable(IReadOnlyList<PlanRow> rows, PlanRow? recommended) => (Rows, Recommended) = (rows, recommended);

    /// <summary>The best type first; of each type, the tower's places in the order of their speed.</summary>
    public IReadOnlyList<PlanRow> Rows { get; }

    /// <summary>The row to take; null if none fits.</summary>
    public PlanRow? Recommended { get; }

    /// <summary>The table of a published size.</summary>
    public static PlanTable Of(ModelSize size, ModelFileType? only, ModelOptions options, MachineShape machine)
    {
        (ModelFileType Type, TypeQuality Quality)[] types = only is { } type ? [(type, TypeQuality.Good)] : Types;
        return Of(types.SelectMany(known => Ways(known.Type.ToString(), known.Quality, QuantizedShape.Of(size, known.Type), options, machine)), machine);
    }

    /// <summary>The table of a model.</summary>
    public static PlanTable Of(ModelShape shape, ModelOptions options, MachineShape machine) => Of(Ways("", TypeQuality.Good, shape, options, machine), machine);

    private static PlanTable Of(IEnumerable<PlanRow> rows, MachineShape machine)
    {
        PlanRow[] all = [.. rows];
        PlanRow? recommended = all
            .Where(row => row.Fit != MemoryFit.Exceeds)
            .OrderBy(row => row.Fit)
            // Where there is a GPU, all layers there are worth more than bits beyond four.
            .ThenByDescending(row => row.Bits == TypeQuality.Good)
            .ThenByDescending(row => row.Bits == TypeQuality.Full)
            .ThenByDescending(row => machine.HasGpu && IsWhollyOnGpu(row, all))
            .FirstOrDefault();
        return new PlanTable(all, recommended);
    }

    private static bool IsWhollyOnGpu(PlanRow row, PlanRow[] all) => row.Plan.GpuLayers == all.Max(other => other.Plan.GpuLayers);

    private static IEnumerable<PlanRow> Ways(string type, TypeQuality quality, ModelShape shape, ModelOptions options, MachineShape machine)
    {
        IEnumerable<VisionPlacement> places = options.Vision is { } own ? [own]
            : machine.HasGpu ? [VisionPlacement.Gpu, VisionPlacement.Cpu, VisionPlacement.Staged]
            : [VisionPlacement.Cpu, VisionPlacement.Staged];
        foreach (VisionPlacement place in places)
        {
            PlanRow row;
            try
            {
                MemoryDecision decision = MemoryPlanner.Decide(shape, options with { Vision = place }, machine, picturesFirst: true);
                row = new PlanRow(type, quality, decision.Plan, decision.Explanation, decision.Plan.FitIn(options.Memory!));
            }
            catch (MemoryPlanException failure)
            {
                row = new PlanRow(type, quality, failure.Plan, failure.Message, MemoryFit.Exceeds);
            }

            yield return row;
        }
    }
}
