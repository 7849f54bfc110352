using PaliGguf.Products;

namespace PaliGguf.Language;

/// <param name="Length">The longest sequence; rounded up to a multiple of 256.</param>
/// <param name="Sequences">How many sequences run side by side.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="CacheType">The element type of the KV cache.</param>
/// <param name="Offload">Whether the cache and large products may go to a GPU.</param>
/// <param name="Branches">How many further sequences there are, without room of their own: they share the cells of others.</param>
/// <param name="Activations">Is shown what the matrices are multiplied with; null for none.</param>
internal sealed record TextContextOptions(
    int Length, int Sequences, int Threads, GgmlType CacheType, bool Offload, int Branches = 0, IActivationObserver? Activations = null)
{
    // The library's own rounding of the KV cache.
    private const int LengthMultiple = 256;

    private const int MostCells = 1 << 24;

    public int Length { get; } = checked((Length + LengthMultiple - 1) / LengthMultiple * LengthMultiple);

    /// <summary>The longest prefix, which is one batch; at most <see cref="Length"/>.</summary>
    public int PrefixLength
    {
        get => field > 0 ? Math.Min(field, Length) : Length;
        init;
    }

    /// <summary>By what our own products are computed; null for what is chosen for this processor.</summary>
    public InstructionSet? Instructions { get; init; }

    /// <summary>Whether threads may wait for each other by spinning.</summary>
    public bool Spin { get; init; } = true;

    /// <summary>What a model is to be run with.</summary>
    /// <param name="options">What the user chose.</param>
    /// <param name="text">The decoder.</param>
    /// <param name="imageTokens">Soft tokens per picture.</param>
    /// <param name="model">The model's name, for errors.</param>
    /// <param name="threads">CPU threads.</param>
    /// <exception cref="InferenceException">The context is longer than the model was trained for, or than a cache may be.</exception>
    public static TextContextOptions Of(ModelOptions options, TextModelLayout text, int imageTokens, string model, int threads)
    {
        long images = (long)imageTokens * options.ImagesPerPrompt;
        long wanted = options.ContextLength ?? Math.Min(images + options.TextTokens, text.ContextLength);
        if (wanted > text.ContextLength) throw new InferenceException($"A context of {wanted} tokens is longer than the {text.ContextLength} that {model} was trained for.");
        int sequences = Math.Max(options.Sequences, 1);
        long total = wanted * sequences;
        if (total > MostCells) throw new InferenceException($"{sequences} sequences of {wanted} tokens are more than the {MostCells} tokens that a cache may hold.");
        // The text begins and ends with a token of its own.
        long prefix = options.PromptTokens is { } prompt ? Math.Min(images + prompt + 2, int.MaxValue) : 0;
        return new TextContextOptions(
            (int)wanted, sequences, threads, options.CacheType ?? GgmlType.F16, Offload: options.GpuLayers != 0, options.BranchCount, options.Activations)
        {
            PrefixLength = (int)prefix,
            Spin = options.Spin,
        };
    }
}
