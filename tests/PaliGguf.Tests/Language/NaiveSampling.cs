using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>What <see cref="SamplingOptions"/> promise, in double precision and with no thought for speed.</summary>
internal static class NaiveSampling
{
    /// <summary>Slack for thresholds that the sampler meets in single precision.</summary>
    private const double Slack = 1e-5;

    public static double LogProbability(float[] logits, int token)
    {
        double highest = logits.Max();
        return logits[token] - highest - Math.Log(logits.Sum(logit => Math.Exp(logit - highest)));
    }

    /// <summary>The probabilities that the filters leave; 0 where a token is filtered out.</summary>
    /// <param name="logits">One per token.</param>
    /// <param name="options">The filters.</param>
    /// <param name="generous">True to also keep tokens that are within rounding of a threshold.</param>
    public static double[] Probabilities(float[] logits, SamplingOptions options, bool generous = false)
    {
        double slack = generous ? Slack : 0;
        double highest = logits.Max();
        double[] weights = logits.Select(logit => Math.Exp((logit - highest) / options.Temperature)).ToArray();
        int[] order = Enumerable.Range(0, logits.Length).OrderByDescending(token => weights[token]).ThenBy(token => token).ToArray();
        if (options.TopK > 0) order = order.TakeWhile((token, rank) => rank < options.TopK || (generous && weights[token] >= weights[order[options.TopK - 1]] * (1 - slack))).ToArray();
        if (options.TopP < 1)
        {
            double mass = order.Sum(token => weights[token]);
            double before = 0;
            List<int> kept = [];
            foreach (int token in order)
            {
                if (kept.Count > 0 && before / mass >= options.TopP + slack) break;
                kept.Add(token);
                before += weights[token];
            }

            order = [.. kept];
        }

        order = order.Where(token => weights[token] >= options.MinP * (1 - slack)).ToArray();
        double total = order.Sum(token => weights[token]);
        double[] probabilities = new double[logits.Length];
        foreach (int token in order) probabilities[token] = weights[token] / total;
        return probabilities;
    }
}
