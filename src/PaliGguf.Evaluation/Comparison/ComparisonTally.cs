using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>Gathers what is found on each sample, and sums it up.</summary>
internal sealed class ComparisonTally
{
    private readonly List<SampleComparison> _samples = [];
    private readonly List<PositionComparison> _positions = [];
    private int _boxes;
    private double _overlap;

    public void Add(EvaluationSample sample, IReadOnlyList<PositionComparison> positions, string reference, string candidate)
    {
        BoxAgreement boxes = BoxAgreement.Of(reference, candidate, masks: sample.Prompt.StartsWith("segment ", StringComparison.Ordinal));
        _positions.AddRange(positions);
        _boxes += boxes.Boxes;
        _overlap += boxes.Overlap;
        _samples.Add(new SampleComparison(
            sample.Picture, sample.Prompt, reference, candidate, positions.Count, positions.Average(position => position.Divergence), Agreement(positions),
            boxes.Boxes > 0 ? boxes.Overlap / boxes.Boxes : null));
    }

    public ComparisonReport ToReport() => new()
    {
        Samples = _samples,
        Positions = _positions.Count,
        Divergence = DivergenceSummary.Of(_positions.Select(position => position.Divergence)),
        TokenAgreement = Agreement(_positions),
        AnswerAgreement = _samples.Average(sample => sample.SameAnswer ? 1.0 : 0.0),
        MeanProbabilityChange = _positions.Average(position => position.ProbabilityChange),
        RootMeanSquareProbabilityChange = Math.Sqrt(_positions.Average(position => position.ProbabilityChange * position.ProbabilityChange)),
        BoxOverlap = _boxes > 0 ? _overlap / _boxes : null,
    };

    private static double Agreement(IReadOnlyList<PositionComparison> positions) => positions.Average(position => position.SameToken ? 1.0 : 0.0);
}
