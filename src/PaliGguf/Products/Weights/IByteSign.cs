using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>Whether weights are signed bytes, or unsigned ones which are more by an offset.</summary>
internal interface IByteSign
{
    /// <summary>Makes such bytes of unsigned ones.</summary>
    static abstract Vector256<byte> Of(Vector256<byte> weights, int offset);
}

internal readonly struct UnsignedBytes : IByteSign
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Of(Vector256<byte> weights, int offset) => weights;
}

internal readonly struct SignedBytes : IByteSign
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Of(Vector256<byte> weights, int offset) =>
        offset == 0 ? weights : weights - Vector256.Create((byte)offset);
}
