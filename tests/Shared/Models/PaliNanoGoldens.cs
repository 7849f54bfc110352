using System.Text.Json;
using System.Text.RegularExpressions;

namespace PaliGguf.Tests;

/// <summary>The reference's greedy answers of pali-nano on its sample scenes.</summary>
internal static partial class PaliNanoGoldens
{
    public static IReadOnlyList<NanoAnswer> Load()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.PaliNano, "goldens.json")));
        return document.RootElement.GetProperty("goldens").EnumerateArray().Select(item => new NanoAnswer(
            Path.Combine(Repository.PaliNano, "samples", item.GetProperty("image").GetString()!),
            item.GetProperty("prompt").GetString()!,
            item.GetProperty("prefix_ids").EnumerateArray().Select(id => id.GetInt32()).ToArray(),
            item.GetProperty("suffix").GetString()!,
            // The reference's ids end with the end-of-sequence token.
            item.GetProperty("suffix_ids").EnumerateArray().Select(id => id.GetInt32()).SkipLast(1).ToArray())).ToArray();
    }

    /// <summary>The boxes of an answer, in the order of the answer: y0, x0, y1, x1 in bins.</summary>
    public static IReadOnlyList<int[]> Boxes(string answer) => LocationRun().Matches(answer)
        .Select(match => match.Groups["bin"].Captures.Select(capture => int.Parse(capture.Value)).ToArray()).ToArray();

    public static double IntersectionOverUnion(int[] a, int[] b)
    {
        double height = Math.Max(0, Math.Min(a[2], b[2]) - Math.Max(a[0], b[0]));
        double width = Math.Max(0, Math.Min(a[3], b[3]) - Math.Max(a[1], b[1]));
        double union = Area(a) + Area(b) - (height * width);
        return union > 0 ? height * width / union : 0;
    }

    private static double Area(int[] box) => Math.Max(0, box[2] - box[0]) * (double)Math.Max(0, box[3] - box[1]);

    [GeneratedRegex(@"(<loc(?<bin>\d{4})>){4}", RegexOptions.ExplicitCapture)]
    private static partial Regex LocationRun();
}

internal sealed record NanoAnswer(string Image, string Prompt, int[] PrefixIds, string Text, int[] Suffix)
{
    public bool HasBoxes => Text.Contains("<loc", StringComparison.Ordinal);
}
