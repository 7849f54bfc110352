using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>What "bench --json" prints.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="TextFile">The name of its text GGUF.</param>
/// <param name="Threads">The CPU threads that computed.</param>
/// <param name="ImageSize">The side of the tower's square, in pixels.</param>
/// <param name="PrefixTokens">Picture and prompt, in tokens.</param>
/// <param name="CaptionTokens">The tokens of a caption.</param>
/// <param name="Tokens">The tokens that each request decoded while a rate was taken.</param>
/// <param name="Runs">How many runs the medians are of.</param>
/// <param name="Baseline">What llama.cpp's own tools do; null where it was not measured.</param>
/// <param name="LLamaSharp">What LLamaSharp does; null where it was not measured.</param>
/// <param name="PaliGguf">What this program does.</param>
/// <param name="Ratio">How many times better it is than the other side; null without one.</param>
/// <param name="Questions">How many reference answers were asked for.</param>
/// <param name="ColdProblem">Why nothing was measured with files that are on the disk alone; null where it was.</param>
/// <param name="Work">What bounds the figures.</param>
/// <param name="Machine">What was measured on.</param>
internal sealed record BenchJson(
    string Model, string TextFile, int Threads, int ImageSize, int PrefixTokens, int CaptionTokens, int Tokens, int Runs, SideJson? Baseline,
    [property: JsonPropertyName("llamasharp")] SideJson? LLamaSharp, [property: JsonPropertyName("paligguf")] SideJson PaliGguf,
    Figures? Ratio, int Questions, string? ColdProblem, WorkJson Work, MachineJson Machine)
{
    /// <summary>The side that PaliGguf is compared with, and its name; null without one.</summary>
    [JsonIgnore]
    public (string Name, SideJson Side)? Other =>
        Baseline is not null ? ("baseline", Baseline) : LLamaSharp is not null ? ("LLamaSharp", LLamaSharp) : null;
}

/// <summary>One side: the medians, and what there is around them.</summary>
internal sealed record SideJson : Figures
{
    /// <summary>Summarizes runs.</summary>
    [SetsRequiredMembers]
    public SideJson(BenchedModel model, IReadOnlyList<Figures> runs, WorkJson work)
        : base(Over(runs, Median))
    {
        Least = Over(runs, values => values.Min());
        Most = Over(runs, values => values.Max());
        Samples = [.. runs.Select(run => Over([run], values => values[0]))];
        Tower = new TowerJson(model.VisionType, model.VisionDevice, model.VisionBufferTypes);
        VisionGflopPerSecond = Math.Round(1e3 * work.VisionGflop / VisionMs, 1);
        PrefixGflopPerSecond = Math.Round(work.PrefixGflop * PrefixTokensPerSecond / model.PrefixTokens, 1);
        WeightBytesPerSecond = Math.Round(work.WeightBytesPerToken * DecodeTokensPerSecond["1"]);
    }

    /// <summary>The least of each figure.</summary>
    public Figures Least { get; }

    /// <summary>The most of each figure.</summary>
    public Figures Most { get; }

    /// <summary>Each run's figures.</summary>
    public IReadOnlyList<Figures> Samples { get; }

    /// <summary>The vision tower.</summary>
    public TowerJson Tower { get; }

    /// <summary>The speed of the tower.</summary>
    public double VisionGflopPerSecond { get; }

    /// <summary>The speed of the prefix.</summary>
    public double PrefixGflopPerSecond { get; }

    /// <summary>The speed at which weights are read while one request is decoded.</summary>
    public double WeightBytesPerSecond { get; }
}

/// <summary>A vision tower as it was run.</summary>
/// <param name="Type">The type of its matrices.</param>
/// <param name="Device">Where it was.</param>
/// <param name="BufferTypes">The kinds of memory that its weights lay in.</param>
internal sealed record TowerJson(string Type, string Device, IReadOnlyList<string> BufferTypes);
