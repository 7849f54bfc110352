using System.Numerics.Tensors;

namespace PaliGguf.Server.OpenAi;

/// <summary>Gathers the most probable tokens at every step of an answer.</summary>
/// <param name="count">How many.</param>
/// <param name="answerTokens">The tokens that answers consist of have lower ids than this.</param>
internal sealed class TopTokens(int count, int answerTokens)
{
    private readonly List<(int Token, float LogProbability)[]> _steps = [];

    /// <summary>The tokens before which the answer's own was chosen, the most probable first.</summary>
    public IReadOnlyList<(int Token, float LogProbability)> this[int step] => step < _steps.Count ? _steps[step] : [];

    /// <summary>Takes in the distribution of a step.</summary>
    public void Observe(ReadOnlySpan<float> logits)
    {
        float highest = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - highest);
        float logSum = highest + (float)Math.Log(sum);

        PriorityQueue<int, float> best = new(count + 1);
        for (int token = 0; token < answerTokens; token++)
        {
            if (best.Count == count && best.TryPeek(out _, out float least) && logits[token] <= least) continue;
            best.Enqueue(token, logits[token]);
            if (best.Count > count) best.Dequeue();
        }

        (int Token, float LogProbability)[] top = new (int, float)[best.Count];
        for (int index = top.Length - 1; best.TryDequeue(out int token, out float logit); index--) top[index] = (token, logit - logSum);
        _steps.Add(top);
    }
}
