using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Scenes;

/// <summary>
/// Random numbers that are the same on every machine: those of evaluations, and nothing of the system's mathematics, whose last digits
/// differ.
/// </summary>
/// <param name="seed">Where the numbers begin.</param>
internal sealed class SceneRandom(ulong seed)
{
    private RandomSource _source = new((int)(seed >> 32), (int)seed);

    /// <summary>The seed of one of many sequences that do not depend on each other.</summary>
    public static ulong Mix(ulong first, ulong second) => new SceneRandom(first ^ new SceneRandom(second).Next()).Next();

    /// <summary>64 random bits.</summary>
    public ulong Next() => _source.Next();

    /// <summary>0 to <paramref name="end"/> - 1.</summary>
    public int Below(int end) => _source.Below(end);

    /// <summary>0 to 1, without 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double least, double most) => least + ((most - least) * Unit());

    public bool Chance(double part) => Unit() < part;

    public T Pick<T>(IReadOnlyList<T> list) => list[Below(list.Count)];

    /// <summary>The place of one of some weights, each as often as it weighs.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach (double weight in weights) sum += weight;
        double left = Unit() * sum;
        for (int i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }

        return weights.Length - 1;
    }

    public void Shuffle<T>(IList<T> list)
    {
        for (int last = list.Count - 1; last > 0; last--)
        {
            int other = Below(last + 1);
            (list[last], list[other]) = (list[other], list[last]);
        }
    }
}
