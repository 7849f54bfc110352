using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Captions;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>Answers beside what was expected. Immutable.</summary>
public sealed class AnswerSheet
{
    private readonly Lazy<CaptionCorpus> _captions;

    private AnswerSheet(ExpectedAnswer[] expected, GivenAnswer[] given)
    {
        Expected = expected;
        Given = given;
        Predictions = [.. given.Select(answer => answer.Text)];
        References = [.. expected.Select(item => item.References)];
        _captions = new Lazy<CaptionCorpus>(() => CaptionCorpus.Create(Predictions, References));
    }

    /// <summary>What was expected.</summary>
    public IReadOnlyList<ExpectedAnswer> Expected { get; }

    /// <summary>The answers, in the same order.</summary>
    public IReadOnlyList<GivenAnswer> Given { get; }

    /// <summary>Their texts.</summary>
    public IReadOnlyList<string> Predictions { get; }

    /// <summary>The references, in the same order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> References { get; }

    /// <summary>The answers as COCO's scorers see them, made once for all of these.</summary>
    internal CaptionCorpus Captions => _captions.Value;

    /// <summary>Lays answers beside what was expected.</summary>
    /// <param name="predictions">The answers, by what they belong to.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="partial">Whether to leave out what has no answer; it is an error otherwise.</param>
    /// <exception cref="PaliException">An answer belongs to nothing that was expected, or the other way round.</exception>
    public static AnswerSheet Create(
        IReadOnlyDictionary<string, GivenAnswer> predictions, IReadOnlyList<ExpectedAnswer> expected, bool partial = false)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(expected);
        HashSet<string> known = [.. expected.Select(item => item.Id)];
        string[] stray = [.. predictions.Keys.Where(id => !known.Contains(id))];
        if (stray.Length > 0)
        {
            throw new PaliException($"{stray.Length} answers belong to nothing that has references, the first to '{stray[0]}'.");
        }

        ExpectedAnswer[] answered = [.. expected.Where(item => predictions.ContainsKey(item.Id))];
        if (answered.Length < expected.Count && !partial)
        {
            string first = expected.First(item => !predictions.ContainsKey(item.Id)).Id;
            throw new PaliException(
                $"{expected.Count - answered.Length} of {expected.Count} have no answer, the first is '{first}'; "
                + "--partial scores the others.");
        }

        return new AnswerSheet(answered, [.. answered.Select(item => predictions[item.Id])]);
    }

    /// <summary>Some of the answers: for resamples, in which one may come several times.</summary>
    /// <param name="places">Their places, in the order wanted; at least one.</param>
    public AnswerSheet Take(IReadOnlyList<int> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return new AnswerSheet([.. places.Select(place => Expected[place])], [.. places.Select(place => Given[place])]);
    }

    /// <summary>The first reference of each.</summary>
    /// <exception cref="ArgumentException">One has none.</exception>
    internal string[] First() => [.. Expected.Select(item => item.References.Count > 0
        ? item.References[0]
        : throw new ArgumentException($"'{item.Id}' has objects and no text that is expected."))];

    /// <summary>The one reference of each.</summary>
    /// <exception cref="ArgumentException">One has several.</exception>
    internal string[] Single() => [.. Expected.Select(item => item.References.Count == 1
        ? item.References[0]
        : throw new ArgumentException($"'{item.Id}' has {item.References.Count} references; expected one."))];

    /// <summary>The types of all, or null where one has none.</summary>
    internal string[]? Types() => Expected.All(item => item.Type is not null) ? [.. Expected.Select(item => item.Type!)] : null;
}
