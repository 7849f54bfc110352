namespace PaliGguf.Products;

/// <summary>A block of 256 weights with a scale for each 16 or 32 of them: as <see cref="IWeightBlock"/>.</summary>
internal unsafe interface ISuperBlock
{
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

    /// <summary>Reads a block of each of 8 rows that lie a stride apart: the scales, and the weights into a sink.</summary>
    static abstract void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink;
}
