namespace PaliGguf.Training.Network;

/// <summary>How a network is computed.</summary>
internal sealed record NetworkOptions
{
    /// <summary>
    /// What products are computed with: Float32 or BFloat16. What is trained, norms, attention's weights and the loss stay in 32
    /// bits.
    /// </summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;

    /// <summary>
    /// Whether layers are turned from the file into memory that they share, and computed once more on the way back: the memory of one
    /// layer instead of all, for a third more time.
    /// </summary>
    public bool IsStreamed { get; init; }

    /// <summary>
    /// The most bytes of products of the decoder's layers that are kept where layers are streamed, so that these are not multiplied once
    /// more on the way back.
    /// </summary>
    public long MostKept { get; init; }

    /// <summary>Only the first layers of tower and decoder, to see what they take; null for all.</summary>
    public int? MostLayers { get; init; }

    /// <summary>
    /// How far from the right location others are right too, while it is trained: the standard deviation in bins of a 1024th of the
    /// side; null for none but the right one.
    /// </summary>
    public double? LocationSpread { get; init; }

    /// <summary>
    /// Whether logits stay as they are, as big_vision fine-tunes PaliGemma 2. Greedy answers are the same with and without the cap.
    /// </summary>
    public bool WithoutFinalSoftCap { get; init; }
}
