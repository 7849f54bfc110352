using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>Powers of two in 32-bit floats: a whole exponent's bits times the first terms of the series for the rest, which is half at most. The next term would be 2e-8.</summary>
internal static class PowersOf2
{
    // The powers of ln 2, divided by factorials.
    private const float First = 6.9314718e-1f;
    private const float Second = 2.4022651e-1f;
    private const float Third = 5.5504109e-2f;
    private const float Fourth = 9.6181291e-3f;
    private const float Fifth = 1.3333558e-3f;
    private const float Sixth = 1.5403530e-4f;

    /// <summary>Of each exponent, within 2e-7 (relative): 0 below -126.5, infinite from 127.5 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> exponent)
    {
        exponent = Vector256.MinNative(Vector256.MaxNative(exponent, Vector256.Create(-127f)), Vector256.Create(128f));
        Vector256<float> whole = Vector256.Round(exponent);
        Vector256<float> rest = exponent - whole;
        Vector256<float> power = Vector256.Create(Sixth);
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256.Create(Fifth));
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256.Create(Fourth));
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256.Create(Third));
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256.Create(Second));
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256.Create(First));
        power = Vector256.FusedMultiplyAdd(power, rest, Vector256<float>.One);
        // The exponent's place in a 32-bit float.
        return power * ((Vector256.ConvertToInt32Native(whole) + Vector256.Create(127)) << 23).AsSingle();
    }

    /// <inheritdoc cref="Of(Vector256{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> exponent)
    {
        exponent = Vector512.MinNative(Vector512.MaxNative(exponent, Vector512.Create(-127f)), Vector512.Create(128f));
        Vector512<float> whole = Vector512.Round(exponent);
        Vector512<float> rest = exponent - whole;
        Vector512<float> power = Vector512.Create(Sixth);
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(Fifth));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(Fourth));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(Third));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(Second));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512.Create(First));
        power = Vector512.FusedMultiplyAdd(power, rest, Vector512<float>.One);
        // The exponent's place in a 32-bit float.
        return power * ((Vector512.ConvertToInt32Native(whole) + Vector512.Create(127)) << 23).AsSingle();
    }
}
