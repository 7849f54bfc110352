using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// What the numbers of IQ4_NL and IQ4_XS stand for (kvalues_iq4nl in ggml-common.h): -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25,
/// 38, 53, 69, 89, 113.
/// </summary>
internal static class NonLinearLevels
{
    /// <summary>Each and 128, in both halves of a vector.</summary>
    public static Vector256<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256.Create(Vector128.Create((byte)1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241));
    }
}
