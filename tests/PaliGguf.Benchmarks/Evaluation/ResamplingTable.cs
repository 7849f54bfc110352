using System.Diagnostics;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Reports;

namespace PaliGguf.Benchmarks.Evaluation;

/// <summary>How long the intervals and tests of average precision take, of boxes made up as many as COCO's validation set has.</summary>
internal static class ResamplingTable
{
    private const int Categories = 80;
    private const int Side = 640;
    private const int MostKinds = 5;
    private const int MostObjects = 4;

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="pictures">How many pictures; COCO's val2017 has 5,000 with 36,781 objects.</param>
    public static void Print(TextWriter output, int pictures)
    {
        Random random = new(1);
        EvaluationItem[] items = [.. Enumerable.Range(0, pictures).SelectMany(picture => Items(picture, random))];
        ReportRun one = Run("one", items, random);
        ReportRun other = Run("other", items, random);
        output.WriteLine($"| {pictures} pictures, {items.Sum(item => item.Expected.Objects!.Count)} objects, {items.Length} answers | seconds |");
        output.WriteLine("|---|---|");
        foreach ((string name, int resamples, ReportRun? against) in new[]
        {
            ("box AP of a run", 0, null), ("1,000 resamples", 1000, null), ("1,000 resamples and swaps of two runs", 1000, other),
        })
        {
            long start = Stopwatch.GetTimestamp();
            ReportMaking.Make(items, one, against, ["ap-boxes"], options: new ReportOptions { Resamples = resamples });
            output.WriteLine(FormattableString.Invariant($"| {name} | {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} |"));
        }
    }

    // An item for each category that is in a picture.
    private static IEnumerable<EvaluationItem> Items(int picture, Random random) =>
        from category in Enumerable.Range(0, 1 + random.Next(MostKinds)).Select(_ => $"thing {random.Next(Categories)}").Distinct().ToArray()
        let objects = Enumerable.Range(0, 1 + random.Next(MostObjects)).Select(_ => Object(category, random)).ToArray()
        select new EvaluationItem(
            new ExpectedAnswer($"{picture}/{category}", []) { Objects = objects, Size = new PictureSize(Side, Side) },
            new PictureFile($"{picture}.jpg"), $"picture {picture}");

    private static ExpectedObject Object(string label, Random random)
    {
        double width = 8 + (random.NextDouble() * random.NextDouble() * (Side / 2));
        double height = 8 + (random.NextDouble() * random.NextDouble() * (Side / 2));
        CocoBox box = new(random.NextDouble() * (Side - width), random.NextDouble() * (Side - height), width, height);
        return new ExpectedObject(label, box, Mask: null, box.Area);
    }

    // Most objects are found, some of them badly, and some are made up.
    private static ReportRun Run(string name, EvaluationItem[] items, Random random)
    {
        JournalHeader header = new("detection", "made up", new JournalModel(name, name, name), [], new Dictionary<string, string>());
        return new ReportRun(name, header, items.ToDictionary(item => item.Expected.Id, item =>
        {
            string label = item.Expected.Objects![0].Label;
            CocoBox[] boxes = [.. item.Expected.Objects.Where(_ => random.Next(6) > 0).Select(each => each.Box),
                .. random.Next(6) == 0 ? [Object(label, random).Box] : Array.Empty<CocoBox>()];
            return new JournalEntry(item.Expected.Id, $"detect {label}")
            {
                Answer = string.Join(" ; ", boxes.Select(box => Bin(box.Y, random) + Bin(box.X, random) + Bin(box.Y + box.Height, random)
                    + Bin(box.X + box.Width, random) + " " + label)),
                Scores = [.. boxes.Select(_ => random.NextDouble())],
            };
        }));
    }

    private static string Bin(double place, Random random)
    {
        const int Last = 1023;
        int bin = (int)(place / Side * Last) + random.Next(-8, 9);
        return FormattableString.Invariant($"<loc{Math.Clamp(bin, 0, Last):0000}>");
    }
}
