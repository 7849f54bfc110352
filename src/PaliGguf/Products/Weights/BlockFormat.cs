using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>Blocks of integers.</summary>
internal abstract unsafe class BlockFormat<TBlock>() : WeightFormat(new TileShape(TBlock.Groups, TBlock.Minima, TBlock.Bits))
    where TBlock : struct, IWeightBlock
{
    private const int Half = Panel.Rows / 2;
    private const int CacheLine = 64;

    public override int Length => TBlock.Length;

    public override int Bytes => TBlock.Bytes;

    public override int Offset => TBlock.Offset;

    public override void Unpack(byte* weights, nint stride, nint length, nint first, nint count, bool signed, byte* panel, float* scales)
    {
        nint blocks = count / (TBlock.Length / Panel.BlockLength);
        nint skipped = first / (TBlock.Length / Panel.BlockLength) * TBlock.Bytes;
        byte* next = weights + (Panel.Rows * (stride + skipped));
        if (signed) Unpack<SignedBytes>(weights + skipped, stride, blocks, panel, scales, next);
        else Unpack<UnsignedBytes>(weights + skipped, stride, blocks, panel, scales, next);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unpack<TSign>(byte* weights, nint stride, nint blocks, byte* panel, float* scales, byte* next)
        where TSign : struct, IByteSign
    {
        int bytes = TBlock.Bytes, panelBytes = TBlock.Length * Panel.Rows;
        int scaleFloats = TBlock.Length / Panel.BlockLength * TBlock.Groups * (TBlock.Minima ? 2 : 1) * Panel.Rows;
        for (; blocks > 0; blocks--, weights += bytes, panel += panelBytes, scales += scaleFloats)
        {
            TBlock.Unpack<TSign>(weights, stride, panel, scales, next);
            next += Half * bytes;
            TBlock.Unpack<TSign>(weights + (Half * stride), stride, panel + PanelHalf.Bytes, scales + Half, next);
            next += Half * bytes;
        }
    }

    /// <summary>The next panel's bytes, in the order of memory: the processor does not see sixteen rows as one stream.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Prefetch(ref byte* next)
    {
        for (nint line = 0; line < Panel.Rows * TBlock.Bytes; line += CacheLine) Sse.Prefetch1(next + line);
        next += Panel.Rows * TBlock.Bytes;
    }
}
