namespace PaliGguf.Scenes.Output;

/// <summary>Which scenes are drawn, and how.</summary>
internal sealed record SceneSettings
{
    /// <summary>Tells sequences of scenes apart.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The number of the first scene of the sequence.</summary>
    public long First { get; init; }

    public required int Count { get; init; }

    /// <summary>The pictures' side in pixels.</summary>
    public int Side { get; init; } = 224;

    public Difficulty Difficulty { get; init; } = Difficulty.Hard;

    /// <summary>How often a scene has a word.</summary>
    public double Words { get; init; } = SceneRules.UsualWords;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The numbers of the scenes.</summary>
    public IEnumerable<long> Numbers => Enumerable.Range(0, Count).Select(index => First + index);

    /// <summary>The seed of a scene to learn from.</summary>
    public ulong Learned(long number) => SceneRandom.Mix(Seed, (ulong)number);

    /// <summary>The seed of a scene to be measured on: held back, since no scene to learn from can have it.</summary>
    public ulong HeldBack(long number) => SceneRandom.Mix(Seed, (ulong)number ^ (1UL << 63));
}
