using System.Diagnostics;
using System.Threading.Channels;
using PaliGguf.Adapters;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Memory;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf;

/// <summary>
/// A PaliGemma model, loaded and ready: pictures and a prompt in, text out. All methods may be called from any number of threads at once;
/// requests beyond <see cref="ModelOptions.Sequences"/> wait their turn. Several models may live in one process.
/// </summary>
public sealed partial class PaliModel : IAsyncDisposable, IDisposable
{
    private readonly TextModel _text;
    private readonly LoadedAdapters _adapters;
    private readonly TextContext _context;
    private readonly DecodeLoop _loop;
    private readonly VisionStage _vision;
    private readonly SoftTokenCache _softTokens;
    private readonly ListedLanguages _languages;
    private readonly int _branches;
    private readonly int _sequences;
    private readonly ComputePriority _priority;
    private readonly Lazy<MaskDecoder?> _maskDecoder;
    private readonly CancellationTokenSource _closing = new();

    // One for the model itself and one for each request: what requests use may only be released when the last one has ended.
    private readonly CountdownEvent _users = new(1);
    private int _disposed;

    private PaliModel(
        TextModel text, LoadedAdapters adapters, TextContext context, VisionStage vision, SoftTokenCache softTokens, ModelFiles files, ModelOptions options, MemoryPlan plan,
        int threads, ListedLanguages languages, FileStamp visionStamp, (bool Decoder, bool Encoder) masks)
    {
        _text = text;
        _adapters = adapters;
        _context = context;
        _vision = vision;
        _softTokens = softTokens;
        _languages = languages;
        _loop = new DecodeLoop(context, text.Embeddings, options.Sequences, options.Threads is null ? new ThreadGovernor(threads) : null,
            options.Priority);
        _branches = options.BranchCount;
        _sequences = options.Sequences;
        _priority = options.Priority;
        text.Guard.Overdue = () => EndRequests(ModelChangedException.BeingWritten(files.Text));
        _maskDecoder = new Lazy<MaskDecoder?>(() => MaskDecoder.Read(files.Vision, visionStamp));
        Memory = plan;
        Info = new ModelInfo
        {
            Name = text.Layout.Name,
            Architecture = text.Layout.Architecture,
            TextPath = files.Text,
            VisionPath = files.Vision,
            ImageSize = vision.Layout.ImageSize,
            ImageTokens = vision.Layout.Patches,
            EmbeddingLength = text.Layout.EmbeddingLength,
            ContextLength = context.Length,
            VocabularySize = text.Layout.VocabularySize,
            AnswerTokens = text.Vocabulary.ImageToken,
            TextBytes = text.Weights.Bytes,
            VisionBytes = vision.Loaded?.Bytes ?? plan.Ram.Of(MemoryPart.VisionWeights) + plan.Vram.Of(MemoryPart.VisionWeights),
            VisionDevice = vision.Loaded?.DeviceName ?? "",
            VisionBufferTypes = vision.Loaded?.BufferTypeNames ?? [],
            Threads = threads,
            Languages = languages.Codes,
            Adapters = adapters.Infos,
            HasMaskDecoder = masks.Decoder,
            HasMaskEncoder = masks.Encoder,
        };
        // Between requests nobody reads the file.
        text.Guard.Leave();
    }

    /// <summary>What the model is.</summary>
    public ModelInfo Info { get; }

    /// <summary>What it takes by arithmetic, part by part, and how it is run where that was open.</summary>
    public MemoryPlan Memory { get; }

    /// <summary>
    /// Whether the text model's file is as it was loaded, and no other program is about to write to it. Where not, requests fail with
    /// <see cref="ModelChangedException"/>. Asks the system, which takes microseconds.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The model is released.</exception>
    public bool IsUnchanged
    {
        get
        {
            CancellationTokenSource use = Enter(CancellationToken.None);
            try
            {
                _text.RequireUnchangedFile();
                return true;
            }
            catch (ModelChangedException)
            {
                return false;
            }
            finally
            {
                Leave(use);
            }
        }
    }

    /// <summary>The UTF-8 bytes that a token stands for: perhaps a part of a character. Of a control token they are its name.</summary>
    /// <param name="token">From 0 to below <see cref="ModelInfo.VocabularySize"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public byte[] TokenBytes(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, _text.Vocabulary.TokenCount);
        return _text.Vocabulary.Spelling(token);
    }

    /// <summary>Loads a model.</summary>
    /// <param name="model">The text GGUF, or a folder that holds one pair of text and vision GGUF.</param>
    /// <param name="options">How to load and run it; null for the defaults.</param>
    /// <param name="progress">Told how far loading has come, on any thread.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="ModelFormatException">A file is malformed, the two do not belong together, or an adapter is not for the model.</exception>
    /// <exception cref="NativeLibraryException">The native libraries are missing or have another version.</exception>
    /// <exception cref="InferenceException">The context is longer than the model was trained for, or a device does not open.</exception>
    /// <exception cref="ModelMemoryException">There is too little memory, or less than the options allow. What was taken is released.</exception>
    public static Task<PaliModel> LoadAsync(
        string model, ModelOptions? options = null,
        IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        LoadThroughAsync(LlamaBinding.Own, model, options ?? new ModelOptions(), progress, cancellationToken);

    /// <summary>Loads a model whose decoder is run through a binding.</summary>
    internal static Task<PaliModel> LoadThroughAsync(
        ILlamaBinding binding, string model, ModelOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        ModelOptions own = options with { WeightsAreLoaded = binding.HasWeights };
        return PriorityThreads.RunLongAsync(
            options.Priority,
            () => Load(ModelFiles.Find(model, options.VisionPath), binding, own, progress, cancellationToken),
            cancellationToken);
    }

    /// <summary>Starts to answer a prompt.</summary>
    /// <param name="request">The pictures, the prompt and how to answer it.</param>
    /// <param name="cancellationToken">Ends the answer, within one token.</param>
    /// <returns>The running answer: enumerate its tokens, or await its result.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <remarks>
    /// A prefix longer than the context fails the result with <see cref="InferenceException"/>, and a model whose file was changed since it was loaded
    /// with <see cref="ModelChangedException"/>.
    /// </remarks>
    public Generation GenerateAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        request.Validate();
        // Copies, because the answer is made on other threads while the caller may go on with its lists.
        GenerationRequest own = request with { Images = [.. request.Images], Stop = [.. request.Stop], Adapters = request.Adapters is null ? null : [.. request.Adapters] };
        CancellationTokenSource stop = Enter(cancellationToken);
        Channel<GeneratedToken> tokens = Channel.CreateUnbounded<GeneratedToken>();
        // Tokenizing and resizing happen on another thread, whatever the caller's synchronization context is.
        return new Generation(tokens.Reader, PriorityThreads.RunAsync(_priority, () => RunAsync(own, tokens.Writer, stop)), stop);
    }

    /// <summary>A caption of a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="language">The caption's language: "en", "de", "th", ...</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    public Task<string> CaptionAsync(RgbImage image, string language = "en", CancellationToken cancellationToken = default) =>
        TextAsync(image, Prompts.Caption(language), cancellationToken);

    /// <summary>A longer description of a picture.</summary>
    /// <inheritdoc cref="CaptionAsync" path="/param"/>
    public Task<string> DescribeAsync(RgbImage image, string language = "en", CancellationToken cancellationToken = default) =>
        TextAsync(image, Prompts.Describe(language), cancellationToken);

    /// <summary>The text that is in a picture.</summary>
    /// <inheritdoc cref="CaptionAsync" path="/param"/>
    public Task<string> OcrAsync(RgbImage image, CancellationToken cancellationToken = default) => TextAsync(image, Prompts.Ocr, cancellationToken);

    /// <summary>The answer to a question about a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="question">The question.</param>
    /// <param name="language">The language of question and answer: "en", "de", "th", ...</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    public Task<string> AnswerAsync(RgbImage image, string question, string language = "en", CancellationToken cancellationToken = default) =>
        TextAsync(image, Prompts.Answer(question, language), cancellationToken);

    /// <summary>Cancels what runs, waits for it to end and releases the model's memory.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _closing.Cancel();
        _users.Signal();
        _users.Wait();
        _loop.Dispose();
        _context.Dispose();
        _vision.Dispose();
        _text.Dispose();
        _closing.Dispose();
        _users.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    private async Task<string> TextAsync(RgbImage image, string prompt, CancellationToken cancellationToken)
    {
        GenerationResult result = await GenerateAsync(new GenerationRequest { Images = [image], Prompt = prompt }, cancellationToken).Result.ConfigureAwait(false);
        if (result.FinishReason == FinishReason.Cancelled) throw new OperationCanceledException(cancellationToken);
        return result.Text;
    }

    private async Task<GenerationResult> RunAsync(GenerationRequest request, ChannelWriter<GeneratedToken> tokens, CancellationTokenSource stop)
    {
        int rows = 0;
        try
        {
            RequireBranches(request.Beams);
            AdapterSet adapters = _adapters.Select(request.Adapters);
            AnswerRules rules = new(request, _text.Pieces);
            int[] textTokens = PrefixTokens(request.Prompt);
            rows = RowsWithRoom(request.Images.Count, textTokens.Length, request.Beams);
            PrefixContent prefix = await LookAsync(request.Images, textTokens, rows, stop.Token).ConfigureAwait(false);
            GenerationJob job = request.Beams > 1
                ? new BeamJob(request, rules, prefix, _text.Vocabulary, _context.Length, tokens, stop.Token) { Adapters = adapters }
                : new DecodeJob(request, rules, prefix, _text.Vocabulary, _context.Length, tokens, stop.Token) { Adapters = adapters };
            _loop.Submit(job);
            return await job.Completion.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            tokens.TryComplete();
            return new GenerationResult
            {
                Text = "",
                Tokens = [],
                LogProbabilities = [],
                PrefixTokens = rows,
                FinishReason = FinishReason.Cancelled,
                Timings = new GenerationTimings(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0),
            };
        }
        catch (Exception failure)
        {
            tokens.TryComplete(failure);
            throw;
        }
        finally
        {
            Leave(stop);
        }
    }

    /// <summary>Ends all requests that are decoded, or wait for it, with a failure.</summary>
    internal void EndRequests(Exception failure) => _loop.FailAll(failure);

    /// <summary>Begins a request: the model is not released before <see cref="Leave"/>.</summary>
    /// <returns>Cancelled with the caller's token, or when the model is disposed.</returns>
    private CancellationTokenSource Enter(CancellationToken cancellationToken)
    {
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        if (_users.TryAddCount())
        {
            _text.Guard.Enter();
            return stop;
        }

        stop.Dispose();
        throw new ObjectDisposedException(nameof(PaliModel));
    }

    private void Leave(CancellationTokenSource stop)
    {
        stop.Dispose();
        _text.Guard.Leave();
        _users.Signal();
    }

    private int[] PrefixTokens(string prompt)
    {
        _languages.Look(prompt);
        return [_text.Vocabulary.BeginOfSequence, .. _text.Vocabulary.Tokenize(prompt + "\n")];
    }

    private void RequireBranches(int beams)
    {
        if (beams <= 1 + _branches) return;
        throw new InferenceException(
            $"A search over {beams} beams needs {beams - 1} branches, and the model was loaded with {_branches}: choose fewer beams, or load it with more branches.");
    }

    /// <summary>The length of a prefix that leaves room for an answer's first token, in each beam.</summary>
    private int RowsWithRoom(int images, int textTokens, int beams = 1)
    {
        long rows = ((long)images * _vision.Layout.Patches) + textTokens;
        if (rows > _context.PrefixLength && rows < _context.Length)
        {
            throw new InferenceException(
                $"The prefix has {rows} tokens ({images} pictures of {_vision.Layout.Patches} and {textTokens} of text), and the model was loaded for {_context.PrefixLength}: "
                + "use a shorter prompt, or load it with more prompt tokens.");
        }

        if (rows + beams <= _context.Length) return (int)rows;
        string use = beams > 1 ? $", which leaves too little for {beams} beams: use fewer of them," : ": use";
        throw new InferenceException(
            $"The prefix has {rows} tokens ({images} pictures of {_vision.Layout.Patches} and {textTokens} of text), and the context holds {_context.Length}{use}"
            + $" fewer pictures or a shorter prompt, or load the model with a longer context (up to {_text.Layout.ContextLength}).");
    }

    private async Task<PrefixContent> LookAsync(IReadOnlyList<RgbImage> images, int[] textTokens, int rows, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        float[][] softTokens = new float[images.Count][];
        int known = 0;
        using IDisposable vision = _vision.Use();
        for (int index = 0; index < softTokens.Length; index++)
        {
            (softTokens[index], bool wasKnown) = await SoftTokensAsync(images[index], _vision, _softTokens, cancellationToken).ConfigureAwait(false);
            if (wasKnown) known++;
        }

        // Once for each request, and as late as can be: the decoder reads the mapped file.
        _text.RequireUnchangedFile();
        return new PrefixContent(softTokens, textTokens, rows) { VisionTime = Stopwatch.GetElapsedTime(start), PicturesCached = known };
    }
}
