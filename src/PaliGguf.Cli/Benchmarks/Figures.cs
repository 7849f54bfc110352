namespace PaliGguf.Cli.Benchmarks;

/// <summary>What is measured of one side: one run's figures, or a statistic over several runs'.</summary>
internal record Figures
{
    /// <summary>The vision tower and the projector, of a picture that has their size.</summary>
    public required double VisionMs { get; init; }

    public required double PrefixTokensPerSecond { get; init; }

    /// <summary>By the number of requests side by side: tokens of all of them together, while all of them decode.</summary>
    public required IReadOnlyDictionary<string, double> DecodeTokensPerSecond { get; init; }

    /// <summary>From the picture's file in memory to the last token of a caption, with the model loaded and in use.</summary>
    public required double CaptionMs { get; init; }

    /// <summary>Loading both files, which the system has in memory.</summary>
    public required double LoadMs { get; init; }

    /// <summary>The most physical memory of a process that loads the model and captions one picture at a time; mapped pages count.</summary>
    public required double PeakMemoryBytes { get; init; }

    /// <summary>From the picture's file in memory to the square that the tower takes.</summary>
    public required double DecodeResizeMs { get; init; }

    /// <summary>As <see cref="CaptionMs"/>, right after loading.</summary>
    public required double FirstCaptionMs { get; init; }

    /// <summary>How many answers are those of the reference, token for token; null where there is none.</summary>
    public double? RightAnswers { get; init; }

    /// <summary>As <see cref="VisionMs"/> with plain attention; null where that is not measured apart.</summary>
    public double? VisionPlainMs { get; init; }

    /// <summary>As <see cref="LoadMs"/>, with the files on the disk alone; null where that can not be had.</summary>
    public double? ColdLoadMs { get; init; }

    /// <summary>As <see cref="FirstCaptionMs"/>, after such a load.</summary>
    public double? ColdCaptionMs { get; init; }

    /// <summary>A statistic of each figure.</summary>
    public static Figures Over(IReadOnlyList<Figures> runs, Func<IReadOnlyList<double>, double> statistic)
    {
        double Of(Func<Figures, double> figure) => Rounded(statistic([.. runs.Select(figure)]));
        double? OfAny(Func<Figures, double?> figure) => runs.Any(run => figure(run) is null) ? null : Of(run => figure(run)!.Value);
        return new Figures
        {
            VisionMs = Of(run => run.VisionMs),
            PrefixTokensPerSecond = Of(run => run.PrefixTokensPerSecond),
            DecodeTokensPerSecond = runs[0].DecodeTokensPerSecond.Keys.ToDictionary(count => count, count => Of(run => run.DecodeTokensPerSecond[count])),
            CaptionMs = Of(run => run.CaptionMs),
            LoadMs = Of(run => run.LoadMs),
            PeakMemoryBytes = Math.Round(Of(run => run.PeakMemoryBytes)),
            DecodeResizeMs = Of(run => run.DecodeResizeMs),
            FirstCaptionMs = Of(run => run.FirstCaptionMs),
            RightAnswers = OfAny(run => run.RightAnswers),
            VisionPlainMs = OfAny(run => run.VisionPlainMs),
            ColdLoadMs = OfAny(run => run.ColdLoadMs),
            ColdCaptionMs = OfAny(run => run.ColdCaptionMs),
        };
    }

    /// <summary>How many times better one side is than another: in times and memory the other's by its own, in rates its own by the other's.</summary>
    public Figures TimesBetterThan(Figures other)
    {
        double? Less(Func<Figures, double?> figure) => figure(this) is { } own && figure(other) is { } theirs ? Rounded(theirs / own) : null;
        return new Figures
        {
            VisionMs = Less(side => side.VisionMs)!.Value,
            PrefixTokensPerSecond = Rounded(PrefixTokensPerSecond / other.PrefixTokensPerSecond),
            DecodeTokensPerSecond = DecodeTokensPerSecond.ToDictionary(rate => rate.Key, rate => Rounded(rate.Value / other.DecodeTokensPerSecond[rate.Key])),
            CaptionMs = Less(side => side.CaptionMs)!.Value,
            LoadMs = Less(side => side.LoadMs)!.Value,
            PeakMemoryBytes = Less(side => side.PeakMemoryBytes)!.Value,
            DecodeResizeMs = Less(side => side.DecodeResizeMs)!.Value,
            FirstCaptionMs = Less(side => side.FirstCaptionMs)!.Value,
            RightAnswers = other.RightAnswers is > 0 and var right && RightAnswers is { } own ? Rounded(own / right) : null,
            VisionPlainMs = other.VisionPlainMs is { } plain ? Rounded(plain / VisionMs) : null,
            ColdLoadMs = Less(side => side.ColdLoadMs),
            ColdCaptionMs = Less(side => side.ColdCaptionMs),
        };
    }

    public static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double Rounded(double value) => Math.Round(value, 3);
}
