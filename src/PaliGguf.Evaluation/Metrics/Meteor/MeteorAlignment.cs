namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// Which words of a prediction stand for which of a reference: first equal words, then equal stems, then synonyms of stems. In each stage
/// the prediction's words come from the last to the first, and each takes the last reference word that is free and fits.
/// </summary>
internal static class MeteorAlignment
{
    /// <returns>Pairs of places, in the order of the prediction.</returns>
    public static (int Prediction, int Reference)[] Of(int[] prediction, int[] reference, MeteorWords words)
    {
        List<(int Prediction, int Reference)> pairs = [];
        bool[] taken = new bool[reference.Length];
        List<int> left =
            Match(Enumerable.Range(0, prediction.Length).Reverse(), word => [prediction[word]], word => reference[word], taken, pairs);
        left = Match(left, word => [words.Stem(prediction[word])], word => words.Stem(reference[word]), taken, pairs);
        Match(left, word => words.Synonyms(words.Stem(prediction[word])), word => words.Stem(reference[word]), taken, pairs);
        pairs.Sort();
        return [.. pairs];
    }

    // The places that found no partner.
    private static List<int> Match(
        IEnumerable<int> places, Func<int, int[]> sought, Func<int, int> offered, bool[] taken, List<(int Prediction, int Reference)> pairs)
    {
        Dictionary<int, Stack<int>> free = [];
        for (int place = 0; place < taken.Length; place++)
        {
            if (!taken[place]) Stack(offered(place)).Push(place);
        }

        List<int> left = [];
        foreach (int place in places)
        {
            Stack<int>? best = sought(place).Select(key => free.GetValueOrDefault(key)).Where(stack => stack?.Count > 0)
                .MaxBy(stack => stack!.Peek());
            if (best is null)
            {
                left.Add(place);
                continue;
            }

            pairs.Add((place, best.Peek()));
            taken[best.Pop()] = true;
        }

        return left;

        Stack<int> Stack(int key)
        {
            if (!free.TryGetValue(key, out Stack<int>? stack)) free.Add(key, stack = new Stack<int>());
            return stack;
        }
    }
}
