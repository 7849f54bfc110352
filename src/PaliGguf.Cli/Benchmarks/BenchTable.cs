using PaliGguf.Cli.Terminals;
using Spectre.Console;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>The figures for people.</summary>
internal static class BenchTable
{
    public static void Print(BenchJson result, Terminal terminal)
    {
        IAnsiConsole console = terminal.Tables();
        string runs = result.Runs == 1 ? "one run" : $"medians of {result.Runs} runs (least - most)";
        terminal.WriteLine($"{PlainText.Line(result.TextFile)}, tower {result.PaliGguf.Tower.Type}, {result.ImageSize} px, {result.Threads} threads; {runs}");
        terminal.WriteLine();
        console.Write(Table(result));
        terminal.WriteLine();
        foreach (string line in Notes(result)) terminal.WriteLine(PlainText.Line(line));
    }

    private static Grid Table(BenchJson result)
    {
        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap());
        for (int column = result.Other is null ? 2 : 0; column < 3; column++)
        {
            grid.AddColumn(new GridColumn { Alignment = Justify.Right }.NoWrap());
        }

        if (result.Other is { } other) grid.AddRow("", other.Name, "PaliGguf", "times better");
        foreach (Line line in Lines(result))
        {
            string own = Cell(result.PaliGguf, line, result.Runs);
            if (result.Other is null) grid.AddRow(line.Name, own);
            else grid.AddRow(line.Name, Cell(result.Other.Value.Side, line, result.Runs), own, Times(line.Figure(result.Ratio!)));
        }

        return grid;
    }

    private static IEnumerable<Line> Lines(BenchJson result)
    {
        yield return new("picture: decode and resize, ms", side => side.DecodeResizeMs);
        yield return new("vision tower, ms", side => side.VisionMs);
        if (result.Baseline is not null) yield return new("  with plain attention, ms", side => side.VisionPlainMs);
        yield return new($"prefix of {result.PrefixTokens}, tokens/s", side => side.PrefixTokensPerSecond);
        foreach (string count in result.PaliGguf.DecodeTokensPerSecond.Keys)
        {
            yield return new($"decode, {count} at once, tokens/s", side => side.DecodeTokensPerSecond[count]);
        }

        yield return new($"caption of {result.CaptionTokens} tokens, ms", side => side.CaptionMs);
        yield return new("  right after loading, ms", side => side.FirstCaptionMs);
        if (result.ColdProblem is null) yield return new("  after loading from disk, ms", side => side.ColdCaptionMs);
        yield return new("load, ms", side => side.LoadMs);
        if (result.ColdProblem is null) yield return new("  from disk, ms", side => side.ColdLoadMs);
        yield return new("peak memory, MB", side => side.PeakMemoryBytes, Unit: 1e6);
        if (result.Questions > 0) yield return new($"right answers, of {result.Questions}", side => side.RightAnswers);
    }

    private static string Cell(SideJson side, Line line, int runs)
    {
        string? Of(Figures figures) => line.Figure(figures) is { } value ? Number(value / line.Unit) : null;
        return Of(side) is not { } median ? "" : runs == 1 ? median : $"{median} ({Of(side.Least)} - {Of(side.Most)})";
    }

    private static string Times(double? ratio) => ratio is { } value ? $"{value:0.00}" : "";

    private static string Number(double value) => value switch
    {
        // Right answers, which are counted.
        _ when double.IsInteger(value) => $"{value:#,0}",
        < 10 => $"{value:0.00}",
        < 100 => $"{value:0.0}",
        _ => $"{value:#,0}",
    };

    private static IEnumerable<string> Notes(BenchJson result)
    {
        (WorkJson work, MachineJson machine, MemoryBandwidth memory) = (result.Work, result.Machine, result.Machine.MemoryReadBytesPerSecond);
        if (result.Baseline is { } baseline)
        {
            yield return $"Baseline: llama.cpp's way with the same libraries and text file: tower {baseline.Tower.Type} in {string.Join(", ", baseline.Tower.BufferTypes)} memory with flash attention, one request at a time.";
        }

        if (result.LLamaSharp is not null)
        {
            yield return "LLamaSharp: its natives and libmtmd, with the same text file and tower, whose projector is stored as libmtmd "
                + "reads "
                + "it; the prompt sees the picture, and the picture not the prompt.";
        }

        if (result.ColdProblem is { } problem) yield return $"From disk: not measured, {problem}.";
        yield return $"Tower: {Number(work.VisionGflop)} GFLOP, at {Number(result.PaliGguf.VisionGflopPerSecond)} GFLOP/s; prefix: {Number(work.PrefixGflop)} GFLOP, at {Number(result.PaliGguf.PrefixGflopPerSecond)} GFLOP/s.";
        string bound = work.DecodeTokensPerSecond is { } most ? $"; memory gives {Quantity.Bytes(memory.AllThreads)}/s, for {most:0.0} tokens/s" : "";
        yield return $"Decoding one request reads {Quantity.Bytes(work.WeightBytesPerToken)} of weights per token, {Quantity.Bytes(result.PaliGguf.WeightBytesPerSecond)}/s{bound}.";
        yield return "Peak memory is that of a process that captions one picture at a time; mapped pages of the files count.";
        yield return $"{machine.Cpu}, {machine.LogicalCores} logical cores, {machine.Architecture}, {string.Join(" ", machine.InstructionSets)}; {Quantity.Bytes(machine.MemoryBytes)} of memory, read at {Quantity.Bytes(memory.OneThread)}/s by one thread";
        foreach (GpuJson gpu in machine.Gpus) yield return $"{gpu.Name}: {gpu.Description}, {Quantity.Bytes(gpu.MemoryBytes)}";
        yield return $"{machine.Os}, {machine.Runtime}, llama.cpp {machine.Llama} ({machine.CpuVariant ?? "unknown"} build, commit {machine.GgmlCommit})";
    }

    /// <summary>A row.</summary>
    private sealed record Line(string Name, Func<Figures, double?> Figure, double Unit = 1);
}
