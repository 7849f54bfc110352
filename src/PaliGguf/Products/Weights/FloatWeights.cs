using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>How a float is stored.</summary>
internal unsafe interface IFloatWeights
{
    static abstract int Bytes { get; }

    static abstract float One(byte* weight);

    static abstract Vector256<float> Eight(byte* weights);
}

/// <summary>GGML_TYPE_F32.</summary>
internal readonly unsafe struct F32Weights : IFloatWeights
{
    public static int Bytes => sizeof(float);

    public static float One(byte* weight) => *(float*)weight;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* weights) => Vector256.Load((float*)weights);
}

/// <summary>GGML_TYPE_F16.</summary>
internal readonly unsafe struct F16Weights : IFloatWeights
{
    public static int Bytes => sizeof(ushort);

    public static float One(byte* weight) => (float)BitConverter.UInt16BitsToHalf(*(ushort*)weight);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* weights) => BlockRows.LowerHalf(Avx2.ConvertToVector256Int32((ushort*)weights).AsUInt32());
}

/// <summary>GGML_TYPE_BF16: the upper half of a 32-bit float.</summary>
internal readonly unsafe struct BF16Weights : IFloatWeights
{
    public static int Bytes => sizeof(ushort);

    public static float One(byte* weight) => BitConverter.Int32BitsToSingle(*(ushort*)weight << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* weights) => (Avx2.ConvertToVector256Int32((ushort*)weights) << 16).AsSingle();
}
