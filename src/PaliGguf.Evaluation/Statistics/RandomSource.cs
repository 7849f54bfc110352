namespace PaliGguf.Evaluation.Statistics;

/// <summary>
/// Random numbers that are the same on every machine and in every version: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom
/// Number Generators", 2014).
/// </summary>
internal struct RandomSource
{
    private ulong _state;

    /// <summary>The numbers of one round; those of others do not depend on them.</summary>
    public RandomSource(int seed, int round) => _state = ((ulong)(uint)seed << 32) | (uint)round;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="end"/> - 1.</summary>
    public int Below(int end) => (int)Math.BigMul(Next(), (ulong)end, out _);
}
