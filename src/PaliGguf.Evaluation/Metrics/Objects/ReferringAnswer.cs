using System.Globalization;
using System.Text.RegularExpressions;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>The object of an answer to <c>segment</c>.</summary>
/// <param name="YMin">The upper side, 0 to 1023.</param>
/// <param name="XMin">The left side, 0 to 1023.</param>
/// <param name="YMax">The lower side, 0 to 1023.</param>
/// <param name="XMax">The right side, 0 to 1023.</param>
/// <param name="Logits">64 x 64 numbers over the box, row by row: positive inside the mask.</param>
public sealed partial record ReferringAnswer(int YMin, int XMin, int YMax, int XMax, float[] Logits)
{
    /// <summary>Whether the box is one.</summary>
    internal bool IsSound => IsBin(YMin) && IsBin(XMin) && IsBin(YMax) && IsBin(XMax) && YMax > YMin && XMax > XMin;

    /// <summary>Reads an answer, which must begin with four location tokens and sixteen mask tokens.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="decode">
    /// Makes the 64 x 64 logits of the sixteen numbers, each 0 to 127: <see cref="MaskDecoder.Decode(ReadOnlySpan{int})"/>.
    /// </param>
    /// <returns>The object; null where the answer does not begin with one. What follows it does not matter.</returns>
    public static ReferringAnswer? Parse(string answer, Func<int[], float[]> decode)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(decode);
        System.Text.RegularExpressions.Match match = Beginning().Match(answer);
        if (!match.Success) return null;
        int[] box = Numbers(match.Groups["bin"]);
        int[] codewords = Numbers(match.Groups["word"]);
        return box.All(IsBin) && codewords.All(word => word < MaskDecoder.CodebookLength)
            ? new ReferringAnswer(box[0], box[1], box[2], box[3], decode(codewords))
            : null;
    }

    private static bool IsBin(int bin) => bin is >= 0 and <= NormalizedBox.LastBin;

    private static int[] Numbers(Group group) =>
        [.. group.Captures.Select(capture => int.Parse(capture.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))];

    [GeneratedRegex(
        "^(<loc(?<bin>[0-9]{4})>){4}(<seg(?<word>[0-9]{3})>){16}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();
}

/// <summary>The object that a question of RefCOCO means.</summary>
/// <param name="YMin">The upper side of its box, 0 to 1 of the picture's height.</param>
/// <param name="XMin">The left side.</param>
/// <param name="YMax">The lower side.</param>
/// <param name="XMax">The right side.</param>
/// <param name="Mask">Its mask over the whole picture.</param>
public sealed record ReferredObject(double YMin, double XMin, double YMax, double XMax, MaskBitmap Mask);

/// <summary>What answers to RefCOCO's questions score.</summary>
/// <param name="MaskOverlap">The mean intersection over union of the masks, 0 to 1.</param>
/// <param name="BoxAccuracy">For each threshold the share of boxes that overlap that much.</param>
/// <param name="IsInvalid">Whether an answer has no box and mask, or a box that is empty in whole pixels; in the order given.</param>
/// <param name="MaskOverlaps">Each answer's intersection over union of masks.</param>
/// <param name="BoxOverlaps">Each answer's intersection over union of boxes.</param>
public sealed record ReferringScore(
    double MaskOverlap, IReadOnlyDictionary<double, double> BoxAccuracy, IReadOnlyList<bool> IsInvalid, IReadOnlyList<double> MaskOverlaps,
    IReadOnlyList<double> BoxOverlaps)
{
    /// <summary>How many answers are invalid.</summary>
    public int Invalid => IsInvalid.Count(invalid => invalid);
}
