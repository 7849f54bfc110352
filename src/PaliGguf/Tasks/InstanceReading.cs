using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>An answer of a model to <c>detect</c> or <c>segment</c>, with its tokens, taken apart.</summary>
internal sealed class InstanceReading
{
    private readonly GenerationResult _result;
    private readonly AnswerTokens _tokens;

    /// <param name="result">An answer that observed the location tokens.</param>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="masks">Whether it is one to <c>segment</c>.</param>
    /// <param name="labels">What was asked for; null to accept any label.</param>
    public InstanceReading(GenerationResult result, PieceIndex pieces, bool masks, IReadOnlyCollection<string>? labels)
    {
        _result = result;
        _tokens = new AnswerTokens([.. result.Tokens.Select(token => pieces[token].ToArray())]);
        Answer = InstanceAnswer.Parse(_tokens.Text, masks, labels, truncated: result.FinishReason == FinishReason.Length);
    }

    public InstanceAnswer Answer { get; }

    public GenerationTimings Timings => _result.Timings;

    /// <summary>The instances in the order of the answer.</summary>
    public IEnumerable<FoundInstance> Instances()
    {
        int previousEnd = 0;
        foreach (AnsweredInstance instance in Answer.Instances)
        {
            (int start, int end) = _tokens.Of(instance);
            InstanceEvidence evidence = InstanceEvidence.Of(_result, instance, Math.Min(previousEnd, start), start, end);
            yield return new FoundInstance(instance, InstanceScore.Of(evidence), start..end);
            previousEnd = end;
        }
    }
}
