using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Language;
using PaliGguf.Memory;

namespace PaliGguf;

/// <summary>How a model is loaded and run. The defaults suit one user on one machine: everything on the GPU if there is one, else on all cores.</summary>
public sealed record ModelOptions
{
    /// <summary>A <see cref="SoftTokenCacheBytes"/> that suffices for one picture and no more.</summary>
    public const long OnePicture = 1;

    // What the library holds.
    private const int MaxSequences = 256;

    /// <summary>The vision GGUF; null to find it beside the text GGUF by its name (<c>mmproj-NAME-TYPE.gguf</c>).</summary>
    public string? VisionPath { get; init; }

    /// <summary>
    /// The longest sequence in tokens: image tokens, prompt and answer together. Null for the pictures of <see cref="ImagesPerPrompt"/> and the text of
    /// <see cref="TextTokens"/>, but not above what the model was trained for. Memory for the KV cache grows with it.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>How many pictures a prompt may have, for the default context length; at least 1.</summary>
    public int ImagesPerPrompt { get; init; } = 1;

    /// <summary>How many tokens prompt and answer may have together, for the default context length; at least 16.</summary>
    public int TextTokens { get; init; } = 512;

    /// <summary>
    /// How many requests are decoded side by side, 1 to 256; more wait. Each has a KV cache of the context length. 0 for as many as <see cref="Memory"/> leaves room for, up to 16.
    /// </summary>
    public int Sequences { get; init; } = 1;

    /// <summary>
    /// How many further sequences there are for requests that try several answers side by side (<see cref="GenerationRequest.Beams"/>,
    /// <see cref="PaliModel.ChooseAsync(RgbImage, string, IReadOnlyList{string}, IReadOnlyList{AdapterScale}, CancellationToken)"/>), all of them together. They share the
    /// KV cache of their request. 0 or more, and with <see cref="Sequences"/> at most 256; null for 16, or as many as that leaves.
    /// </summary>
    public int? Branches { get; init; }

    /// <summary>
    /// CPU threads; null for all cores, or for fewer as long as other programs want the cores too and fewer are faster (answers do not
    /// depend on it), or for one with a model of a few megabytes, on which more would only wait for each other. Never more than run at once on the machine.
    /// </summary>
    public int? Threads { get; init; }

    /// <summary>What the threads that compute leave to others: a game that has frames to draw, for example. Answers do not depend on
    /// it.</summary>
    public ComputePriority Priority { get; init; } = ComputePriority.Normal;

    /// <summary>
    /// Whether threads that wait for each other may spin, which is fastest where nothing else wants the cores. Without it they sleep after
    /// a moment, and what only the library's own threads could share,
    /// which always spin, is computed on one.
    /// </summary>
    public bool Spin { get; init; } = true;

    /// <summary>How many of the decoder's layers go to the GPU; -1 for all, 0 for the CPU alone (the vision tower too).</summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>
    /// The element type of the KV cache: <see cref="GgmlType.F16"/>, <see cref="GgmlType.F32"/> for exactness at twice the memory, or <see cref="GgmlType.Q8_0"/> at half of it.
    /// Null for F16, or for what <see cref="Memory"/> leaves room for.
    /// </summary>
    public GgmlType? CacheType { get; init; }

    /// <summary>
    /// How many tokens a prompt may have, which saves memory where the answers are long; null for any number that leaves room for an answer. The prefix of pictures and prompt
    /// is one batch, and what it takes to compute it dominates a small context.
    /// </summary>
    public int? PromptTokens { get; init; }

    /// <summary>Where the vision tower is; null for the GPU if layers are there, else main memory, or for what <see cref="Memory"/> leaves room for.</summary>
    public VisionPlacement? Vision { get; init; }

    /// <summary>
    /// Whether the decoder's weights are mapped from the file, so that the system can take their memory back where it is short and read them again. Otherwise they are copied.
    /// </summary>
    public bool MemoryMap { get; init; } = true;

    /// <summary>
    /// Whether the CPU's code may store weights in a form of its own (<see cref="WeightPacking"/>), from which it multiplies several times as fast. It takes a part of a second
    /// per gigabyte when the model is loaded, and these weights are copied, mapped or not.
    /// </summary>
    public bool Repack { get; init; } = true;

    /// <summary>Likewise for the vision tower alone: llama.cpp's own tools repack decoders, but not towers, and a comparison with them has to do the same.</summary>
    internal bool RepackTower { get; init; } = true;

    /// <summary>Whether the library builds its own index of the vocabulary, which nobody uses: its tools do, and a comparison with them has to do the same.</summary>
    internal bool LibraryVocabulary { get; init; }

    /// <summary>
    /// Who computes the products of weights with rows on the CPU. Weights that PaliGguf multiplies itself stay as they are stored, whatever <see cref="Repack"/> says.
    /// </summary>
    public MatrixProducts Products { get; init; } = MatrixProducts.Auto;

    /// <summary>How the vision tower computes its attention.</summary>
    public VisionAttention Attention { get; init; } = VisionAttention.Auto;

    /// <summary>
    /// How much memory the model may take. What is not set here (<see cref="GpuLayers"/>, <see cref="CacheType"/>, <see cref="Vision"/>) is then chosen so that it does; null
    /// for no limits.
    /// </summary>
    public MemoryLimits? Memory { get; init; }

    /// <summary>
    /// Pictures that there will be prompts about, for which the soft tokens are made before the decoder is loaded. With <see cref="VisionPlacement.Staged"/> the tower is then
    /// never in memory together with the decoder.
    /// </summary>
    public IReadOnlyList<RgbImage> Pictures { get; init; } = [];

    /// <summary>How pictures are resized. Null for what the model's files say, which is <see cref="PaliGguf.Interpolation.Bicubic"/> unless
    /// they say otherwise.</summary>
    public Interpolation? Interpolation { get; init; }

    /// <summary>
    /// For how many bytes the soft tokens of the pictures seen last are kept, so that a further question about them costs no vision; 0 for none, and <see cref="OnePicture"/> for those of the
    /// last picture: less is never kept. A picture of 224 pixels takes 2.4 MB with PaliGemma 2 3B, one of 896 pixels 38 MB.
    /// </summary>
    public long SoftTokenCacheBytes { get; init; } = 64L << 20;

    /// <summary>
    /// Is shown what the matrices of both halves are multiplied with, by every request; null for none. The model is slower with one, and a picture whose soft tokens are
    /// kept (<see cref="SoftTokenCacheBytes"/>) passes through the tower only once.
    /// </summary>
    public IActivationObserver? Activations { get; init; }

    /// <summary>
    /// LoRA adapters of the decoder, loaded with the model. Their names differ. Requests that do not say otherwise use all of them
    /// (<see cref="GenerationRequest.Adapters"/>).
    /// </summary>
    public IReadOnlyList<AdapterFile> Adapters { get; init; } = [];

    /// <summary>Receives the log, the native libraries' messages included.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Whether the decoder's weights are in memory already, for somebody else too, so that the model does not take memory for
    /// them.</summary>
    internal bool WeightsAreLoaded { get; init; }

    internal int BranchCount => Branches ?? Math.Min(16, MaxSequences - Sequences);

    /// <summary>Whether products on the CPU may be computed by code of our own. An observer of activations sees the library's.</summary>
    internal bool MayMultiply => Products == MatrixProducts.Auto && Activations is null;

    internal void Validate()
    {
        Require(ContextLength is null or (>= 16 and <= 1 << 20), $"A context of {ContextLength} tokens is out of range: it is 16 to {1 << 20}.");
        Require(ImagesPerPrompt is >= 1 and <= 1024, $"{ImagesPerPrompt} pictures per prompt are out of range: it is 1 to 1024.");
        Require(TextTokens is >= 16 and <= 1 << 20, $"{TextTokens} tokens of text are out of range: it is 16 to {1 << 20}.");
        Require(
            Sequences is >= 1 and <= MaxSequences || (Sequences == 0 && Memory is not null),
            $"{Sequences} sequences are out of range: it is 1 to {MaxSequences}, or 0 with limits on the memory.");
        Require(Memory is null or { Ram: null or > 0, Vram: null or >= 0 }, "A limit on main memory is more than 0 bytes, and one on the GPU's is not less.");
        Require(
            Branches is null || (Branches >= 0 && Branches <= MaxSequences - Sequences),
            $"{Branches} branches are out of range: it is 0 to {MaxSequences - Sequences} beside {Sequences} sequences.");
        Require(Threads is null or (>= 1 and <= 512), $"{Threads} threads are out of range: it is 1 to 512.");
        Require(Priority is >= ComputePriority.Normal and <= ComputePriority.Idle, $"The priority {(int)Priority} is out of range.");
        Require(GpuLayers >= -1, $"{GpuLayers} GPU layers are out of range: it is -1 (all), 0 (none) or more.");
        Require(CacheType is null or GgmlType.F16 or GgmlType.F32 or GgmlType.Q8_0, $"A KV cache of {CacheType} is not supported: it is F16, F32 or Q8_0.");
        Require(PromptTokens is null or (>= 1 and <= 1 << 20), $"{PromptTokens} tokens of prompt are out of range: it is 1 to {1 << 20}.");
        foreach (AdapterFile adapter in Adapters) Require(float.IsFinite(adapter.Scale), $"The scale of the adapter '{adapter.Name}' is {adapter.Scale}, which is not a finite number.");
        string? repeated = Adapters.CountBy(adapter => adapter.Name, StringComparer.Ordinal).FirstOrDefault(pair => pair.Value > 1).Key;
        Require(repeated is null, $"Two adapters have the name '{repeated}': give one of them another name.");
        Require(SoftTokenCacheBytes >= 0, $"A cache of {SoftTokenCacheBytes} bytes is out of range: it is 0 or more.");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition) throw new ArgumentException(problem);
    }
}

/// <summary>How far loading has come.</summary>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Fraction">How much of the whole is done, 0 to 1.</param>
public readonly record struct LoadProgress(string Stage, float Fraction);
