using System.Threading.Channels;

namespace PaliGguf.Language;

/// <summary>An answer that is chosen token by token: one sequence, its prefix, then its growing suffix.</summary>
internal sealed class DecodeJob(
    GenerationRequest request, AnswerRules rules, PrefixContent prefix, Vocabulary vocabulary, int contextLength, ChannelWriter<GeneratedToken> tokens,
    CancellationToken cancellation)
    : GenerationJob(prefix, tokens, cancellation)
{
    private readonly Sampler _sampler = new(request.Sampling, vocabulary.ImageToken);
    private readonly SuffixText _text = new(request.Stop, Capacity(request, contextLength - prefix.Rows) * 8);
    private readonly List<int> _suffix = new(Capacity(request, contextLength - prefix.Rows));
    private readonly List<float> _logProbabilities = new(Capacity(request, contextLength - prefix.Rows));
    private readonly List<float[]?> _observations = new(Capacity(request, contextLength - prefix.Rows));
    private readonly int _maxTokens = Math.Min(request.MaxTokens, contextLength - prefix.Rows);
    private TokenConstraint? _constraint = rules.Constraint;
    private int _sequence;

    public override int Next(Span<SequenceToken> tokens)
    {
        tokens[0] = new SequenceToken(_suffix[^1], Prefix.Rows + _suffix.Count - 1, _sequence);
        return 1;
    }

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
    {
        base.Start(sequences, time, distribution);
        _sequence = sequences[0];
        Choose(distribution);
    }

    protected override void Continue(BatchLogits logits)
    {
        base.Continue(logits);
        Choose(logits[0]);
    }

    protected override void Succeed()
    {
        string rest = _text.Complete();
        if (rest.Length > 0 && _suffix.Count > 0) Stream(new GeneratedToken(_suffix[^1], rest, _logProbabilities[^1]));
        Succeed(_text.ToString(), _suffix, _logProbabilities, _observations);
    }

    private void Choose(TokenDistribution distribution)
    {
        (int token, float logProbability) = _constraint is null
            ? _sampler.Next(distribution)
            : _sampler.Next(distribution, _constraint.Allowed(_maxTokens - _suffix.Count));
        bool ends = vocabulary.IsEnd(token) && !request.IgnoreEos;

        // One that stands for text is a part of the answer, as in transformers.
        if (ends && vocabulary[token].Bytes.Length == 0)
        {
            Finish = FinishReason.Stop;
            return;
        }

        _suffix.Add(token);
        _logProbabilities.Add(logProbability);
        _observations.Add(rules.Observe(token, distribution));
        _constraint = _constraint?.After(token);
        string text = _text.Append(vocabulary[token]);
        Stream(new GeneratedToken(token, text, logProbability));
        if (ends || _text.Stopped) Finish = FinishReason.Stop;
        else if (_suffix.Count >= _maxTokens) Finish = FinishReason.Length;
    }

    /// <summary>For how many tokens there is room from the beginning: nothing grows during a usual answer.</summary>
    private static int Capacity(GenerationRequest request, int room) => Math.Clamp(Math.Min(request.MaxTokens, room), 1, 1024);
}
