using System.Runtime.CompilerServices;

namespace PaliGguf.Products;

/// <summary>A superblock in a panel.</summary>
internal readonly unsafe struct SuperBlock<TBlock> : IWeightBlock
    where TBlock : struct, ISuperBlock
{
    /// <summary>The weights of any superblock (QK_K in ggml-common.h).</summary>
    public static int Length => 256;

    public static int Bytes => TBlock.Bytes;

    public static int Bits => TBlock.Bits;

    public static int Offset => TBlock.Offset;

    public static int Groups => TBlock.Groups;

    public static bool Minima => TBlock.Minima;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales, byte* ahead)
        where TSign : struct, IByteSign =>
        TBlock.Read<WeightsToPanel<TSign>>(block, stride, new WeightMemory(panel, ahead, Bytes / 2), scales);
}
