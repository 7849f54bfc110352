namespace PaliGguf.Training.Weights;

/// <summary>Random numbers that depend on what they are for, and on nothing that was drawn before.</summary>
internal static class RandomNumbers
{
    /// <summary>A generator for one purpose.</summary>
    /// <param name="seed">The user's, or what was mixed of it.</param>
    /// <param name="purpose">Tells purposes apart.</param>
    public static Generator Of(long seed, long purpose) => new((ulong)Mix(seed, purpose) & long.MaxValue);

    /// <summary>Two numbers as one that changes wholly with each (the finalizer of splitmix64).</summary>
    public static long Mix(long first, long second)
    {
        ulong bits = unchecked((ulong)first + (0x9E37_79B9_7F4A_7C15UL * ((ulong)second + 1)));
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9UL);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EBUL);
        return unchecked((long)(bits ^ (bits >> 31)));
    }
}
