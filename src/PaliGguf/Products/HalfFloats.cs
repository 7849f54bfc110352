using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// 16-bit floats in vectors. The bits of one, shifted to their places in a 32-bit one, make 2^-112 of it: the exponents' biases are 15 and
/// 127.
/// </summary>
internal static unsafe class HalfFloats
{
    /// <summary>2^112: what makes up for it.</summary>
    public const float Unit = 5.192296858534828e33f;

    /// <summary>Eight of them, each 2^-112 of what it is: who multiplies them makes up for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Shifted(ushort* halves) =>
        (Avx2.ConvertToVector256Int32((short*)halves) << 13 & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle();
}
