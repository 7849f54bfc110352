using PaliGguf.Tasks;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>How well the boxes of two answers agree.</summary>
/// <param name="Boxes">How many there are: pairs, and those of either answer without a partner.</param>
/// <param name="Overlap">The sum of their intersections over unions; a box without a partner has 0.</param>
internal readonly record struct BoxAgreement(int Boxes, double Overlap)
{
    /// <summary>Pairs the boxes of two answers: those with the same label, the best pairs first.</summary>
    public static BoxAgreement Of(string reference, string candidate, bool masks)
    {
        IReadOnlyList<AnsweredInstance> ones = InstanceAnswer.Parse(reference, masks).Instances;
        IReadOnlyList<AnsweredInstance> others = InstanceAnswer.Parse(candidate, masks).Instances;
        bool[] oneTaken = new bool[ones.Count];
        bool[] otherTaken = new bool[others.Count];
        int pairs = 0;
        double overlap = 0;
        foreach ((int one, int other, float intersection) in Pairs(ones, others).OrderByDescending(pair => pair.Overlap))
        {
            if (oneTaken[one] || otherTaken[other]) continue;
            oneTaken[one] = otherTaken[other] = true;
            pairs++;
            overlap += intersection;
        }

        return new BoxAgreement(ones.Count + others.Count - pairs, overlap);
    }

    private static IEnumerable<(int One, int Other, float Overlap)> Pairs(IReadOnlyList<AnsweredInstance> ones, IReadOnlyList<AnsweredInstance> others) =>
        from one in ones.Index()
        from other in others.Index()
        where string.Equals(one.Item.Label, other.Item.Label, StringComparison.OrdinalIgnoreCase)
        let overlap = one.Item.Box.IntersectionOverUnion(other.Item.Box)
        where overlap > 0
        select (one.Index, other.Index, overlap);
}
