using LLama;
using LLama.Native;
using PaliGguf.LLamaSharp.Binding;

namespace PaliGguf.LLamaSharp;

/// <summary>
/// Loads PaliGemma in programs that use LLamaSharp: with the native libraries that LLamaSharp has loaded, and the decoder by LLamaSharp's
/// own types. The vision tower and everything else are PaliGguf's, and so are the answers.
/// </summary>
/// <remarks>
/// What computes in a context of LLamaSharp waits for all others of the process (it has one lock for them), so a chat pauses while a prefix
/// is decoded, and the other way round; the vision tower takes no part in that. A second set of llama.cpp libraries in one process is
/// refused: <see cref="NativeLibraryException"/> tells which two.
/// </remarks>
public static class LLamaSharpModel
{
    /// <summary>Loads a model over weights that LLamaSharp has loaded, for a chat for example: they are in memory once.</summary>
    /// <param name="weights">The decoder's weights. Where they are disposed before the model, they stay in memory until it is.</param>
    /// <param name="model">The text GGUF that they were loaded from, or a folder that holds it and its vision GGUF.</param>
    /// <param name="options">
    /// How to load and run it; null for the defaults. What is said of the decoder's weights (<see cref="ModelOptions.MemoryMap"/>,
    /// <see cref="ModelOptions.Repack"/>) is without effect, and <see cref="ModelOptions.GpuLayers"/> is what they were loaded with.
    /// </param>
    /// <param name="progress">Told how far loading has come, on any thread.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <returns>The model. Its disposal leaves the weights as they are.</returns>
    /// <exception cref="ModelFormatException">
    /// The weights are not of this file, or for the reasons of <see cref="PaliModel.LoadAsync"/>.
    /// </exception>
    /// <inheritdoc cref="PaliModel.LoadAsync" path="/exception"/>
    public static Task<PaliModel> LoadAsync(
        LLamaWeights weights,
        string model,
        ModelOptions? options = null,
        IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return LoadAsync(weights.NativeHandle, model, options, progress, cancellationToken);
    }

    /// <inheritdoc cref="LoadAsync(LLamaWeights, string, ModelOptions?, IProgress{LoadProgress}?, CancellationToken)"/>
    public static Task<PaliModel> LoadAsync(
        SafeLlamaModelHandle weights,
        string model,
        ModelOptions? options = null,
        IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ObjectDisposedException.ThrowIf(weights.IsClosed, weights);
        return LoadAsync(new LLamaSharpBinding(weights), model, options, progress, cancellationToken);
    }

    /// <summary>Loads a model, its decoder by LLamaSharp.</summary>
    /// <param name="model">The text GGUF, or a folder that holds one pair of text and vision GGUF.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="progress">Told how far loading has come, on any thread.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <inheritdoc cref="PaliModel.LoadAsync" path="/exception"/>
    public static Task<PaliModel> LoadAsync(
        string model,
        ModelOptions? options = null,
        IProgress<LoadProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        LoadAsync(new LLamaSharpBinding(loaded: null), model, options, progress, cancellationToken);

    private static Task<PaliModel> LoadAsync(
        LLamaSharpBinding binding,
        string model,
        ModelOptions? options,
        IProgress<LoadProgress>? progress,
        CancellationToken cancellationToken)
    {
        SharedNatives.Load();
        return PaliModel.LoadThroughAsync(binding, model, options ?? new ModelOptions(), progress, cancellationToken);
    }
}
