using System.Numerics.Tensors;

namespace PaliGguf.Language;

/// <summary>Shows the distribution before each token of an answer: of the greedy one as it comes about, or of a given one.</summary>
/// <param name="answer">The tokens to follow, at least one; null for the greedy answer.</param>
/// <param name="maxTokens">The longest greedy answer, end-of-sequence not counted.</param>
/// <param name="observe">Is shown each distribution.</param>
/// <param name="prefix">The prefix.</param>
/// <param name="vocabulary">The model's.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class TraceJob(
    IReadOnlyList<int>? answer, int maxTokens, DistributionObserver observe, PrefixContent prefix, Vocabulary vocabulary, CancellationToken cancellation)
    : SequenceJob(prefix, cancellation)
{
    private readonly TaskCompletionSource<AnswerTrace> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<int> _tokens = [];
    private readonly List<float> _logProbabilities = [];
    private int _sequence;
    private bool _ended;
    private bool _cancelled;

    public override Task<AnswerTrace> Completion => _completion.Task;

    protected override bool HasEnded => _ended;

    public override int Next(Span<SequenceToken> tokens)
    {
        tokens[0] = new SequenceToken(_tokens[^1], Prefix.Rows + _tokens.Count - 1, _sequence);
        return 1;
    }

    public override void Cancel() => _cancelled = true;

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
    {
        _sequence = sequences[0];
        Follow(distribution);
    }

    protected override void Continue(BatchLogits logits) => Follow(logits[0]);

    protected override void Succeed()
    {
        if (_cancelled) _completion.TrySetCanceled(Cancellation);
        else _completion.TrySetResult(new AnswerTrace(vocabulary.Detokenize(_tokens), _tokens, _logProbabilities));
    }

    private void Follow(TokenDistribution distribution)
    {
        observe(_tokens.Count, distribution.Logits);
        int token = answer is null ? TensorPrimitives.IndexOfMax(distribution.Logits[..vocabulary.ImageToken]) : answer[_tokens.Count];
        _tokens.Add(token);
        _logProbabilities.Add(distribution.LogProbability(token));
        _ended = answer is null ? vocabulary.IsEnd(token) || _tokens.Count == maxTokens : _tokens.Count == answer.Count;
    }
}
