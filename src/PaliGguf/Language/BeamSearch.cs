namespace PaliGguf.Language;

/// <summary>
/// Beam search as big_vision decodes PaliGemma (<c>_beam_decode</c> in its trainers/proj/paligemma/predict_fns.py): a score is the plain
/// sum of log-probabilities, that of end-of-sequence included, without length normalisation. At every step each live hypothesis is also
/// considered as an answer that ends there, and the best such answer is kept; the live ones are extended by their most probable tokens
/// other than end-of-sequence. The search is over when no live hypothesis is as probable as the best answer (longer ones can only be less so).
/// </summary>
/// <param name="beams">How many hypotheses live at most.</param>
/// <param name="maxTokens">The longest answer, end-of-sequence not counted.</param>
/// <param name="ends">The tokens that end an answer; none if only the longest length does.</param>
/// <param name="vocabularySize">Only ids below this are ever chosen.</param>
/// <param name="rules">The constraint and the observed tokens.</param>
/// <param name="stopped">Tells whether a hypothesis contains a text that ends it.</param>
/// <param name="isText">Tells whether a token that ends an answer stands for text, and so is a part of it; null if none does.</param>
internal sealed class BeamSearch(
    int beams, int maxTokens, IReadOnlyList<int> ends,
    int vocabularySize, AnswerRules rules, Func<Hypothesis, bool> stopped, Func<int, bool>? isText = null)
{
    private readonly List<(Hypothesis Hypothesis, int Parent)> _extensions = [];
    private readonly List<(int Token, float Logit)> _likeliest = [];

    /// <summary>The live hypotheses, most probable first, all of one length.</summary>
    public IReadOnlyList<Hypothesis> Live { get; private set; } = [Hypothesis.Empty(rules.Constraint)];

    /// <summary>The best answer that has ended, or null.</summary>
    public Hypothesis? Best { get; private set; }

    /// <summary>The score of <see cref="Best"/>.</summary>
    public double BestScore { get; private set; } = double.NegativeInfinity;

    /// <summary>True when nothing can improve on <see cref="Best"/>.</summary>
    public bool IsOver => Live.Count == 0 || Live[0].Score < BestScore;

    /// <summary>True when the live hypotheses may not grow further.</summary>
    public bool IsCut => Live.Count > 0 && Live[0].Length >= maxTokens;

    /// <summary>Considers what may follow a live hypothesis: each has its turn before <see cref="Advance"/>.</summary>
    public void Consider(int index, TokenDistribution distribution)
    {
        Hypothesis live = Live[index];
        _likeliest.Clear();
        if (live.Constraint is { } constraint)
        {
            foreach (int token in constraint.Allowed(maxTokens - live.Length))
            {
                if (ends.Contains(token)) EndWith(token, live, distribution);
                else Rank(token, distribution.Logits[token]);
            }
        }
        else
        {
            foreach (int token in ends) EndWith(token, live, distribution);
            ReadOnlySpan<float> logits = distribution.Logits[..Math.Min(vocabularySize, distribution.Logits.Length)];
            for (int token = 0; token < logits.Length; token++)
            {
                if ((_likeliest.Count < beams || logits[token] > _likeliest[^1].Logit) && !ends.Contains(token)) Rank(token, logits[token]);
            }
        }

        if (live.Length >= maxTokens) return;
        foreach ((int token, _) in _likeliest) _extensions.Add((Extend(live, token, distribution), index));
    }

    /// <summary>Makes the most probable extensions the live hypotheses.</summary>
    /// <returns>For each live hypothesis the index that its parent had.</returns>
    public IReadOnlyList<int> Advance()
    {
        List<Hypothesis> live = [];
        List<int> parents = [];
        // A stable order: of equally probable ones that of the more probable parent and then the lower id comes first.
        foreach ((Hypothesis extended, int parent) in _extensions.OrderByDescending(extension => extension.Hypothesis.Score).Take(beams))
        {
            if (stopped(extended))
            {
                End(extended, extended.Score);
                continue;
            }

            live.Add(extended);
            parents.Add(parent);
        }

        _extensions.Clear();
        Live = live;
        return parents;
    }

    private Hypothesis Extend(Hypothesis live, int token, TokenDistribution distribution)
    {
        float logProbability = distribution.LogProbability(token);
        return new(live, token, logProbability, live.Score + logProbability,
            live.Length + 1, live.Constraint?.After(token), rules.Observe(token, distribution));
    }

    private void EndWith(int token, Hypothesis live, TokenDistribution distribution) =>
        End(isText?.Invoke(token) is true && live.Length < maxTokens ? Extend(live, token, distribution) : live,
            live.Score + distribution.LogProbability(token));

    private void End(Hypothesis answer, double score)
    {
        if (score <= BestScore) return;
        Best = answer;
        BestScore = score;
    }

    /// <summary>Keeps the most probable tokens in order, the earlier one first where they are equally probable.</summary>
    private void Rank(int token, float logit)
    {
        int place = _likeliest.Count;
        while (place > 0 && _likeliest[place - 1].Logit < logit) place--;
        if (place >= beams) return;
        if (_likeliest.Count == beams) _likeliest.RemoveAt(beams - 1);
        _likeliest.Insert(place, (token, logit));
    }
}
