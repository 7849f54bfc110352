namespace PaliGguf;

/// <summary>How attention is computed: the results differ by rounding only, the time by a factor.</summary>
public enum VisionAttention
{
    /// <summary>What is faster on the device.</summary>
    Auto,

    /// <summary>Scores, softmax and weighted sum one after the other, each a product of matrices.</summary>
    Plain,

    /// <summary>
    /// One operation that never holds all scores (flash attention), on keys and values of 16-bit floats: for GPUs, and what llama.cpp's own vision library does everywhere.
    /// </summary>
    Flash,

    /// <summary>Flash attention on 32-bit floats, in the form that CPUs compute tile by tile: as exact as <see cref="Plain"/>, faster, and in less memory. Few GPUs can do it.</summary>
    Tiled,
}
