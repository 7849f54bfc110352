namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>How two words match, in the order in which the kinds are looked for.</summary>
internal enum MeteorMatchKind
{
    Equal,
    Stem,
    Synonym,
}

/// <summary>A word of the prediction that may stand for one of the reference.</summary>
internal readonly record struct MeteorMatch(int Prediction, MeteorMatchKind Kind);

/// <summary>
/// METEOR 1.5's search for the alignment: from the first word of the reference to the last, with the 40 best beginnings kept. Equal words
/// count, then few chunks, then small distances; stems and synonyms do not count, so that one is left out where it would make another
/// chunk. The distance of a choice is added to the beginnings that did not make it, as the original has it.
/// </summary>
internal static class MeteorSearch
{
    private const int Beam = 40;

    /// <summary>Finds the best alignment.</summary>
    /// <param name="matches">For each word of the reference those of the prediction that match it, in the order in which they are
    /// preferred.</param>
    /// <param name="length">The words of the prediction.</param>
    /// <returns>For each word of the reference its match, or null.</returns>
    public static MeteorMatch?[] Best(IReadOnlyList<IReadOnlyList<MeteorMatch>> matches, int length)
    {
        int[] uses = new int[length];
        foreach (MeteorMatch match in matches.SelectMany(each => each)) uses[match.Prediction]++;
        MeteorMatch?[] certain = [.. matches.Select(each => each is [var only] && uses[only.Prediction] == 1 ? only : (MeteorMatch?)null)];
        List<Beginning> beginnings = [new Beginning(matches.Count, length, certain)];
        for (int word = 0; word < matches.Count; word++)
        {
            List<Beginning> longer = [];
            foreach (Beginning beginning in Kept(beginnings))
            {
                if (certain[word] is { } match)
                {
                    beginning.Distance += Math.Abs(word - match.Prediction);
                    beginning.Take(word, match);
                }
                else
                {
                    foreach (MeteorMatch possible in matches[word].Where(each => !beginning.IsUsed(each)))
                    {
                        longer.Add(new Beginning(beginning, word, possible));
                        beginning.Distance += Math.Abs(word - possible.Prediction);
                    }

                    beginning.EndChunk();
                }

                longer.Add(beginning);
            }

            beginnings = longer;
        }

        Beginning[] whole = Kept(beginnings);
        foreach (Beginning each in whole) each.EndChunk();
        return Sorted(whole).First().Matches;
    }

    private static Beginning[] Kept(List<Beginning> beginnings)
    {
        Beginning[] kept = [.. Sorted(beginnings).Take(Beam)];
        // Of thousands of choices few are kept: only those get words of their own, before anything is written to those they share.
        foreach (Beginning beginning in kept) beginning.Separate();
        return kept;
    }

    private static IEnumerable<Beginning> Sorted(IEnumerable<Beginning> beginnings) => beginnings
        .OrderByDescending(each => each.Equal).ThenBy(each => each.Chunks).ThenBy(each => each.Distance);

    private sealed class Beginning
    {
        private bool[] _used;
        private int _end = -1;
        private (int Word, MeteorMatch Match)? _choice;

        public Beginning(int words, int length, IEnumerable<MeteorMatch?> certain)
        {
            Matches = new MeteorMatch?[words];
            _used = new bool[length];
            foreach (MeteorMatch? match in certain)
            {
                if (match is { } one) _used[one.Prediction] = true;
            }
        }

        /// <summary>Another one with a further match; it shares the words until <see cref="Separate"/>.</summary>
        public Beginning(Beginning other, int word, MeteorMatch match)
        {
            Matches = other.Matches;
            _used = other._used;
            _end = other._end;
            Equal = other.Equal;
            Chunks = other.Chunks;
            Distance = other.Distance;
            _choice = (word, match);
            Count(match);
        }

        public MeteorMatch?[] Matches { get; private set; }

        public int Equal { get; private set; }

        public int Chunks { get; private set; }

        public int Distance { get; set; }

        public bool IsUsed(MeteorMatch match) => _used[match.Prediction];

        public void Take(int word, MeteorMatch match)
        {
            Mark(word, match);
            Count(match);
        }

        public void Separate()
        {
            if (_choice is not { } choice) return;
            Matches = [.. Matches];
            _used = [.. _used];
            Mark(choice.Word, choice.Match);
            _choice = null;
        }

        private void Mark(int word, MeteorMatch match)
        {
            Matches[word] = match;
            _used[match.Prediction] = true;
        }

        private void Count(MeteorMatch match)
        {
            if (match.Kind == MeteorMatchKind.Equal) Equal++;
            if (_end >= 0 && match.Prediction != _end) Chunks++;
            _end = match.Prediction + 1;
        }

        public void EndChunk()
        {
            if (_end < 0) return;
            Chunks++;
            _end = -1;
        }
    }
}
