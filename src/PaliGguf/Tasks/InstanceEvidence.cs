using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>What the probabilities of an answer's tokens say about one instance in it; each number is 0 to 1.</summary>
/// <param name="Existence">That an instance was begun at this point, and the answer not ended.</param>
/// <param name="Box">For each of the four coordinates, that it lies near the one that was chosen, given those before it.</param>
/// <param name="Label">That it is called so, given the box.</param>
internal sealed record InstanceEvidence(double Existence, double[] Box, double Label)
{
    /// <summary>
    /// Coordinates count as near within this part of the box's height or width. Neighbouring bins are nearly equally probable, so that the probability of
    /// the chosen one alone says little. Of the fractions tried this one made the scores agree best with how often boxes are right (docs/scores.md).
    /// </summary>
    private const double Near = 1.0 / 3;

    /// <summary>Gathers it.</summary>
    /// <param name="result">An answer that observed the location tokens.</param>
    /// <param name="instance">One of its instances.</param>
    /// <param name="previousEnd">One past the last token of the instance before; 0 for the first one.</param>
    /// <param name="start">The instance's first token.</param>
    /// <param name="end">One past its last token.</param>
    public static InstanceEvidence Of(GenerationResult result, AnsweredInstance instance, int previousEnd, int start, int end)
    {
        double existence = Probability(result, previousEnd, start);
        double[] box = new double[instance.Locations.Length];
        int height = instance.Locations[2] - instance.Locations[0];
        int width = instance.Locations[3] - instance.Locations[1];
        for (int coordinate = 0; coordinate < box.Length; coordinate++)
        {
            int token = start + coordinate;
            if (token >= end || result.Observations[token] is not { } observed)
            {
                // Locations that are spelled in characters: a rare thing in free answers, about which nothing else is known.
                return new InstanceEvidence(existence, [Probability(result, start, end), 1, 1, 1], 1);
            }

            LocationDistribution distribution = new(observed);
            int near = (int)Math.Round(Near * (coordinate % 2 == 0 ? height : width));
            double mass = distribution.Mass;
            if (coordinate == 0) existence *= mass;
            box[coordinate] = mass > 0 ? distribution.MassWithin(instance.Locations[coordinate], near) / mass : 0;
        }

        int label = Math.Min(start + box.Length + instance.Codewords.Length, end);
        return new InstanceEvidence(Math.Min(existence, 1), box, Probability(result, label, end));
    }

    private static double Probability(GenerationResult result, int start, int end)
    {
        double sum = 0;
        for (int token = start; token < end; token++) sum += result.LogProbabilities[token];
        return Math.Exp(sum);
    }
}
