using System.Text;
using System.Threading.Channels;

namespace PaliGguf.Language;

/// <summary>An answer found by beam search: one sequence per live hypothesis, all with the same prefix. Its tokens come at its end.</summary>
internal sealed class BeamJob : GenerationJob
{
    private readonly GenerationRequest _request;
    private readonly Vocabulary _vocabulary;
    private readonly BeamSearch _search;
    private readonly List<int> _sequenceOfLive = [0];
    private SequenceSet? _sequences;

    public BeamJob(
        GenerationRequest request, AnswerRules rules, PrefixContent prefix, Vocabulary vocabulary, int contextLength, ChannelWriter<GeneratedToken> tokens,
        CancellationToken cancellation)
        : base(prefix, tokens, cancellation)
    {
        _request = request;
        _vocabulary = vocabulary;
        // Hypotheses may part at the first token, so each has its share of the room.
        int maxTokens = Math.Min(request.MaxTokens, (contextLength - prefix.Rows) / request.Beams);
        _search = new BeamSearch(request.Beams, maxTokens, request.IgnoreEos ? [] : vocabulary.Ends,
            vocabulary.ImageToken, rules, HasStopText, token => vocabulary[token].Bytes.Length > 0);
    }

    public override int Sequences => _request.Beams;

    public override int Next(Span<SequenceToken> tokens)
    {
        IReadOnlyList<Hypothesis> live = _search.Live;
        for (int row = 0; row < live.Count; row++)
        {
            tokens[row] = new SequenceToken(live[row].Token, Prefix.Rows + live[row].Length - 1, _sequences![_sequenceOfLive[row]]);
        }

        return live.Count;
    }

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
    {
        base.Start(sequences, time, distribution);
        _sequences = sequences;
        _search.Consider(0, distribution);
        Advance();
    }

    protected override void Continue(BatchLogits logits)
    {
        base.Continue(logits);
        for (int row = 0; row < _search.Live.Count; row++) _search.Consider(row, logits[row]);
        if (_search.IsCut) Finish = _search.IsOver ? FinishReason.Stop : FinishReason.Length;
        else Advance();
    }

    protected override void Succeed()
    {
        // Without an answer that has ended: what the likeliest one has come to.
        Hypothesis? found = _search.Best ?? (_search.Live.Count > 0 ? _search.Live[0] : null);
        IReadOnlyList<Hypothesis> answer = found?.Path() ?? [];
        SuffixText text = new(_request.Stop);
        for (int index = 0; index < answer.Count; index++)
        {
            string released = text.Append(_vocabulary[answer[index].Token]);
            if (index == answer.Count - 1) released += text.Complete();
            Stream(new GeneratedToken(answer[index].Token, released, answer[index].LogProbability));
        }

        Succeed(
            text.ToString(), [.. answer.Select(step => step.Token)], [.. answer.Select(step => step.LogProbability)], [.. answer.Select(step => step.Observation)]);
    }

    private void Advance()
    {
        IReadOnlyList<int> parents = _search.Advance();
        if (_search.IsOver) Finish = FinishReason.Stop;
        else MoveSequences(parents);
    }

    /// <summary>The first child of a hypothesis goes on in its sequence; further ones take those of hypotheses without children.</summary>
    private void MoveSequences(IReadOnlyList<int> parents)
    {
        int[] sources = [.. parents.Select(parent => _sequenceOfLive[parent])];
        Stack<int> free = new(Enumerable.Range(0, _sequences!.Count).Except(sources).Reverse());
        foreach (int sequence in free) _sequences.Clear(sequence);
        _sequenceOfLive.Clear();
        foreach (int source in sources)
        {
            int sequence = source;
            if (_sequenceOfLive.Contains(source))
            {
                sequence = free.Pop();
                _sequences.Fork(source, sequence);
            }

            _sequenceOfLive.Add(sequence);
        }
    }

    private bool HasStopText(Hypothesis hypothesis)
    {
        if (_request.Stop.Count == 0) return false;
        string text = Encoding.UTF8.GetString([.. hypothesis.Path().SelectMany(step => _vocabulary[step.Token].Bytes)]);
        return _request.Stop.Any(stop => text.Contains(stop, StringComparison.Ordinal));
    }
}
