using PaliGguf.Memory;

namespace PaliGguf.Cli.Plans;

/// <summary>What is to be planned.</summary>
/// <param name="Size">A published size; null for the model of the settings.</param>
/// <param name="Resolution">Its resolution.</param>
/// <param name="Type">Only this type of it; null for all.</param>
/// <param name="Images">Pictures per prompt.</param>
/// <param name="Sequences">Requests side by side; 0 for as many as fit.</param>
internal sealed record PlanRequest(string? Size, int Resolution, Conversion.ModelFileType? Type, int Images, int Sequences);

/// <summary>One way to run one type of a model.</summary>
/// <param name="Type">The type; "" for a model whose files are there.</param>
/// <param name="Bits">What the type keeps of the model.</param>
/// <param name="Plan">What it costs; where nothing fits, what comes nearest.</param>
/// <param name="Explanation">Why this way; where nothing fits, what is missing.</param>
/// <param name="Fit">Whether it stays within the limits.</param>
internal sealed record PlanRow(string Type, TypeQuality Bits, MemoryPlan Plan, string Explanation, MemoryFit Fit);

/// <summary>What a type keeps of a model.</summary>
internal enum TypeQuality
{
    /// <summary>Fewer than four bits: for when nothing else fits.</summary>
    Low,

    /// <summary>Four to eight bits.</summary>
    Good,

    /// <summary>16 bits and more: no better than eight, and slower.</summary>
    Full,
}
