using System.Collections.Concurrent;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>The pictures of the answers that a page shows.</summary>
internal sealed class AnswerPictures
{
    // Whole pictures are in memory at a time, so few.
    private const int Together = 4;

    private readonly ConcurrentDictionary<string, IReadOnlyList<ShownPicture>> _byItem = new(StringComparer.Ordinal);

    private AnswerPictures()
    {
    }

    /// <summary>Reads the pictures and draws over them what was found and expected.</summary>
    public static async Task<AnswerPictures> LoadAsync(
        EvaluationReport report, MaskDecoder? decoder, CancellationToken cancellationToken)
    {
        AnswerPictures pictures = new();
        IEnumerable<ReportedAnswer> answers = ((IReadOnlyList<ReportedAnswer>[])[report.Worst, report.Best, report.Losses, report.Gains])
            .SelectMany(each => each).DistinctBy(answer => answer.Item.Id, StringComparer.Ordinal);
        ParallelOptions few = new()
        {
            MaxDegreeOfParallelism = Math.Min(Together, Environment.ProcessorCount),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(answers, few, async (answer, cancellation) =>
            pictures._byItem[answer.Item.Id] = await ShowAsync(answer, report, decoder, cancellation).ConfigureAwait(false))
                .ConfigureAwait(false);
        return pictures;
    }

    /// <summary>The pictures of an answer.</summary>
    public IReadOnlyList<ShownPicture> Of(ReportedAnswer answer) => _byItem[answer.Item.Id];

    private static async Task<IReadOnlyList<ShownPicture>> ShowAsync(
        ReportedAnswer answer, EvaluationReport report, MaskDecoder? decoder, CancellationToken cancellationToken)
    {
        ReportPicture picture;
        try
        {
            picture = await ReportPicture.LoadAsync(answer.Item.Picture, cancellationToken).ConfigureAwait(false);
        }
        catch (ImageException e)
        {
            return [new ShownPicture("", Address: null, $"the picture can not be shown: {e.Message}")];
        }

        ExpectedAnswer expected = answer.Item.Expected;
        List<(string Name, IReadOnlyList<Annotation> Drawn)> views =
            [(report.Run.Name, ObjectDrawing.OfAnswer(answer.Entry.Answer!, picture, decoder))];
        if (answer.Other is { } other) views.Add((report.Against!.Name, ObjectDrawing.OfAnswer(other.Answer!, picture, decoder)));
        views.Add(("expected", ObjectDrawing.OfExpected(expected, picture, decoder)));
        return views.All(view => view.Drawn.Count == 0)
            ? [new ShownPicture("", picture.ToAddress([]), "")]
            : [.. views.Select(view => new ShownPicture(view.Name, picture.ToAddress(view.Drawn), ""))];
    }
}

/// <summary>A picture on the page.</summary>
/// <param name="Caption">What is drawn over it; empty for nothing.</param>
/// <param name="Address">The picture itself; null where it could not be read.</param>
/// <param name="Failure">Why not.</param>
internal sealed record ShownPicture(string Caption, string? Address, string Failure);
