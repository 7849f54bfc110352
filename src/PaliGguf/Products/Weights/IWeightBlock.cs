namespace PaliGguf.Products;

/// <summary>
/// How a type stores some weights of a row, as ggml-common.h has it: each is a scale times an integer, plus a minimum in some types. The
/// integer becomes a byte.
/// </summary>
internal unsafe interface IWeightBlock
{
    /// <summary>The weights of a block: a multiple of <see cref="Panel.BlockLength"/>.</summary>
    static abstract int Length { get; }

    /// <summary>The bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>The bits of an unsigned byte.</summary>
    static abstract int Bits { get; }

    /// <summary>What an unsigned byte is more than the integer that it stands for.</summary>
    static abstract int Offset { get; }

    /// <summary>The scales of 32 weights, 1 or 2.</summary>
    static abstract int Groups { get; }

    /// <summary>Whether there are minima, as many as scales.</summary>
    static abstract bool Minima { get; }

    /// <summary>Reads a block of each of 8 rows that lie a stride apart, into half of a panel, and fetches as many bytes ahead.</summary>
    static abstract void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales, byte* ahead)
        where TSign : struct, IByteSign;
}
