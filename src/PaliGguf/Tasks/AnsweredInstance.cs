using System.Collections.Immutable;

namespace PaliGguf.Tasks;

/// <summary>A well-formed part of an answer to <c>detect</c> or <c>segment</c>.</summary>
/// <param name="Label">What the instance is.</param>
/// <param name="Locations">The four numbers of its box, 0 to 1023: upper, left, lower, right side.</param>
/// <param name="Codewords">The sixteen numbers of its mask, 0 to 127; none in an answer to <c>detect</c>.</param>
/// <param name="Start">Where it begins in the answer, in characters.</param>
/// <param name="Length">Its length in characters.</param>
public sealed record AnsweredInstance(string Label, ImmutableArray<int> Locations, ImmutableArray<int> Codewords, int Start, int Length)
{
    /// <summary>The box.</summary>
    public NormalizedBox Box => NormalizedBox.FromBins(Locations[0], Locations[1], Locations[2], Locations[3]);
}
