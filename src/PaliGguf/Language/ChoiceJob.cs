namespace PaliGguf.Language;

/// <summary>
/// Scores candidate answers to one prefix. Each sequence continues the prefix with one candidate after another, one token per step; the
/// suffixes that are there at once stay within the room that the context has for one request.
/// </summary>
internal sealed class ChoiceJob(
    IReadOnlyList<int[]> candidates, PrefixContent prefix,
    IReadOnlyList<int> ends, int contextLength, int sequences, CancellationToken cancellation)
    : SequenceJob(prefix, cancellation)
{
    private readonly TaskCompletionSource<double[]> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double[] _scores = new double[candidates.Count];
    private readonly List<int> _waiting = [.. Enumerable.Range(0, candidates.Count)];
    private readonly List<Scoring> _running = [];
    private SequenceSet? _sequences;
    private int _room = contextLength - prefix.Rows;
    private bool _cancelled;

    /// <summary>The log-likelihoods, one per candidate.</summary>
    public override Task<double[]> Completion => _completion.Task;

    public override int Sequences { get; } = Math.Min(sequences, candidates.Count);

    protected override bool HasEnded => _sequences is not null && _running.Count == 0;

    public override int Next(Span<SequenceToken> tokens)
    {
        for (int row = 0; row < _running.Count; row++)
        {
            Scoring scoring = _running[row];
            tokens[row] = new SequenceToken(candidates[scoring.Candidate][scoring.Decoded], Prefix.Rows + scoring.Decoded, _sequences![scoring.Sequence]);
        }

        return _running.Count;
    }

    public override void Cancel() => _cancelled = true;

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
    {
        for (int index = 0; index < candidates.Count; index++) _scores[index] = distribution.LogProbability(candidates[index][0]);
        for (int sequence = 1; sequence < sequences.Count; sequence++) sequences.Fork(0, sequence);
        _sequences = sequences;
        for (int sequence = 0; sequence < sequences.Count; sequence++) Begin(sequence);
    }

    protected override void Continue(BatchLogits logits)
    {
        for (int row = 0; row < _running.Count; row++)
        {
            Scoring scoring = _running[row];
            int[] tokens = candidates[scoring.Candidate];
            scoring.Decoded++;
            _scores[scoring.Candidate] += scoring.Decoded < tokens.Length
                ? logits[row].LogProbability(tokens[scoring.Decoded]) : EndLogProbability(logits[row]);
        }

        foreach (Scoring scoring in _running.Where(scoring => scoring.Decoded == candidates[scoring.Candidate].Length).ToArray())
        {
            _running.Remove(scoring);
            _sequences!.Trim(scoring.Sequence, Prefix.Rows);
            _room += scoring.Decoded;
        }

        for (int sequence = 0; sequence < _sequences!.Count && _waiting.Count > 0; sequence++)
        {
            if (_running.All(scoring => scoring.Sequence != sequence)) Begin(sequence);
        }
    }

    protected override void Succeed()
    {
        if (_cancelled) _completion.TrySetCanceled(Cancellation);
        else _completion.TrySetResult(_scores);
    }

    // Whichever token it is that ends it.
    private double EndLogProbability(TokenDistribution distribution)
    {
        if (ends.Count == 1) return distribution.LogProbability(ends[0]);
        double probability = 0;
        foreach (int token in ends) probability += Math.Exp(distribution.LogProbability(token));
        return Math.Log(probability);
    }

    /// <summary>Gives a sequence the next candidate that there is room for.</summary>
    private void Begin(int sequence)
    {
        int next = _waiting.FindIndex(candidate => candidates[candidate].Length <= _room);
        if (next < 0) return;
        int candidate = _waiting[next];
        _waiting.RemoveAt(next);
        _room -= candidates[candidate].Length;
        _running.Add(new Scoring(candidate, sequence));
    }

    private sealed class Scoring(int candidate, int sequence)
    {
        public int Candidate { get; } = candidate;

        public int Sequence { get; } = sequence;

        public int Decoded { get; set; }
    }
}
