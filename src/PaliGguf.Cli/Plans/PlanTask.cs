using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Memory;
using Spectre.Console;

namespace PaliGguf.Cli.Plans;

/// <summary>Prints what a model needs.</summary>
internal sealed class PlanTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    private const int PromptTokens = 64;
    private const int BarLength = 40;

    /// <returns>The exit code: of failure if nothing fits.</returns>
    public int Run(PlanRequest request)
    {
        MemoryLimits limits = settings.Memory ?? MemoryLimits.Free();
        MachineShape machine = MachineShape.Here();
        if (settings.Memory?.Vram is { } vram) machine = machine with { HasGpu = vram > 0 };
        ModelOptions options = loader.Options(request.Images, PromptTokens + 2L + settings.MaxTokens) with
        {
            SoftTokenCacheBytes = 0,
            PromptTokens = PromptTokens,
            Branches = 0,
            Sequences = request.Sequences,
            Memory = limits,
        };
        (string model, PlanTable table) = request.Size is { } size
            ? (SizeOf(size, request.Resolution).Name, PlanTable.Of(SizeOf(size, request.Resolution), request.Type, options, machine))
            : (loader.Path, PlanTable.Of(ModelShape.Read(ModelFiles.Find(loader.Path, settings.Vision)), options, machine));
        if (settings.Json) terminal.WriteJson(PlanJson.From(model, limits, table), PlansJson.Default.PlanJson);
        else Print(model, limits, table);
        return table.Recommended is null ? ExitCode.Failure : ExitCode.Success;
    }

    private static ModelSize SizeOf(string size, int resolution) => ModelSize.TryParse($"{size}-{resolution}", out ModelSize? known)
        ? known
        : throw new UsageException($"'{size}' at {resolution} pixels is no published size; expected one of {string.Join(", ", ModelSize.All.Select(one => one.Name))}.");

    private void Print(string model, MemoryLimits limits, PlanTable table)
    {
        MemoryPlan any = table.Rows[0].Plan;
        IAnsiConsole console = terminal.Tables();
        console.WriteLine($"{model}: a prefix of {any.PrefixLength} tokens in a context of {any.ContextLength}");
        bool gpu = table.Rows.Any(row => row.Plan.Vram.Bytes > 0);
        Table rows = new Table().Border(TableBorder.Simple).LeftAligned();
        foreach (string column in Columns(gpu)) rows.AddColumn(new TableColumn(column.TrimStart('>')) { Alignment = column.StartsWith('>') ? Justify.Right : Justify.Left });
        foreach (PlanRow row in table.Rows) rows.AddRow(Cells(row, limits, gpu, ReferenceEquals(row, table.Recommended)).Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(cell)));
        console.Write(rows);
        if (table.Recommended is not { } best)
        {
            console.WriteLine(table.Rows[^1].Explanation);
            return;
        }

        PrintDevice(console, "main memory", best.Plan.Ram, limits.Ram);
        if (best.Plan.Vram.Bytes > 0) PrintDevice(console, "GPU", best.Plan.Vram, limits.Vram);
        console.WriteLine(best.Explanation);
    }

    private static IEnumerable<string> Columns(bool gpu) =>
        ["", "type", "tower", .. gpu ? new[] { ">GPU layers" } : [], "KV", ">sequences", ">main memory", ">mapped", .. gpu ? new[] { ">GPU" } : [], "fits"];

    private static IEnumerable<string> Cells(PlanRow row, MemoryLimits limits, bool gpu, bool recommended) =>
    [
        recommended ? "*" : "", row.Type, LowerCase.Of(row.Plan.Vision), .. gpu ? new[] { $"{row.Plan.GpuLayers}" } : [], LowerCase.Of(row.Plan.CacheType), $"{row.Plan.Sequences}",
        ByteSize.Format(row.Plan.Ram.Bytes), row.Plan.Ram.MappedBytes > 0 ? ByteSize.Format(row.Plan.Ram.MappedBytes) : "", .. gpu ? new[] { ByteSize.Format(row.Plan.Vram.Bytes) } : [],
        row.Fit switch
        {
            MemoryFit.Fits => "yes",
            MemoryFit.Evicts => $"slow: {ByteSize.Format(row.Plan.Ram.WorkingBytes - limits.Ram!.Value)} read again and again",
            _ => "no: " + string.Join(", ", Over(row.Plan.Ram, limits.Ram, "main memory").Concat(Over(row.Plan.Vram, limits.Vram, "GPU"))),
        },
    ];

    private static IEnumerable<string> Over(DeviceMemory memory, long? limit, string device)
    {
        if (limit is { } most && memory.Bytes > most) yield return $"{ByteSize.Format(memory.Bytes - most)} more {device}";
    }

    private static void PrintDevice(IAnsiConsole console, string name, DeviceMemory memory, long? limit)
    {
        string of = limit is { } most ? $" of {ByteSize.Format(most)}" : "";
        int filled = limit is { } whole ? (int)Math.Clamp(BarLength * memory.Bytes / whole, 0, BarLength) : BarLength;
        console.WriteLine($"{name,-12} {new string('#', filled)}{new string('.', BarLength - filled)} {ByteSize.Format(memory.Bytes)}{of}");
        foreach (IGrouping<(MemoryPart Part, MemoryStage, bool), MemoryUse> part in memory.Uses.GroupBy(use => (use.Part, use.Stage, use.Mapped)).OrderByDescending(part => part.Sum(use => use.Bytes)))
        {
            string when = part.Key switch
            {
                (_, _, true) => "mapped, can be evicted",
                (_, MemoryStage.Picture, _) => "while a picture is looked at",
                (_, MemoryStage.Answer, _) => "afterwards",
                _ => "",
            };
            console.WriteLine($"{"",-12} {ByteSize.Format(part.Sum(use => use.Bytes)),10}  {part.Key.Part.Title}{(when.Length > 0 ? $" ({when})" : "")}");
        }
    }
}
