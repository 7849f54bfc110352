using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text;
using LLama;
using LLama.Common;
using LLama.Native;

namespace PaliGguf.Rival;

/// <summary>
/// PaliGemma as LLamaSharp runs it at its best: libmtmd's tower with the linear projector as an MLP, and full attention within the picture
/// and within the prompt. That the picture sees the prompt too, as PaliGemma was trained, takes one batch of both, and libmtmd makes none.
/// </summary>
internal sealed class StockModel : IDisposable
{
    private const string Marker = "<__media__>";
    private const int LeastBatchRows = 512;
    private readonly LLamaWeights _weights;
    private readonly MtmdWeights _vision;
    private readonly ModelParams _parameters;
    private readonly LLamaBatch _batch = new();
    private readonly int _batchRows;
    private LLamaContext _context;

    public StockModel(string text, string vision, int threads, int contextLength)
    {
        // Rows that see each other must be computed at once: a picture in two batches would end the process.
        _batchRows = Math.Max(LeastBatchRows, contextLength);
        _parameters = new ModelParams(text)
        {
            ContextSize = (uint)contextLength,
            BatchSize = (uint)_batchRows,
            UBatchSize = (uint)_batchRows,
            Threads = threads,
            BatchThreads = threads,
        };
        _weights = LLamaWeights.LoadFromFile(_parameters);
        MtmdContextParams visionParameters = MtmdContextParams.Default();
        visionParameters.NThreads = threads;
        visionParameters.PrintTimings = false;
        _vision = MtmdWeights.LoadFromFile(vision, _weights, visionParameters);
        _context = _weights.CreateContext(_parameters);
    }

    public string Name => _weights.Metadata.GetValueOrDefault("general.name", "");

    public int EndOfSequence => (int)_weights.Vocab.EOS!.Value;

    /// <summary>Makes room for several sequences, which share a prefix.</summary>
    /// <param name="sequences">How many.</param>
    /// <param name="tokens">How many tokens each of them decodes.</param>
    public void Widen(int sequences, int tokens)
    {
        _context.Dispose();
        uint length = (uint)(_parameters.ContextSize!.Value + (sequences * tokens));
        _context = _weights.CreateContext(_parameters with { SeqMax = (uint)sequences, ContextSize = length });
    }

    /// <summary>Makes of a picture's file the square that the tower takes.</summary>
    public SafeMtmdInputChunks Resize(ReadOnlySpan<byte> picture)
    {
        using SafeMtmdEmbed media = _vision.LoadMedia(picture);
        int status = _vision.Tokenize(Marker, addSpecial: false, parseSpecial: true, [media], out SafeMtmdInputChunks? chunks);
        return chunks ?? throw new InvalidOperationException($"libmtmd does not take the picture (status {status}).");
    }

    /// <summary>Decodes a picture and a prompt into the first sequence, which is emptied before.</summary>
    public StockPrefix Look(ReadOnlySpan<byte> picture, string prompt)
    {
        SafeLLamaContextHandle context = _context.NativeHandle;
        context.MemoryClear();
        using SafeMtmdInputChunks chunks = Resize(picture);
        SafeMtmdInputChunk chunk = chunks.Enumerate().Single(part => part.Type == SafeMtmdInputChunk.SafeMtmdInputChunkType.Image);
        long start = Stopwatch.GetTimestamp();
        nint rows = VisionLibrary.Encode(_vision.NativeHandle, chunk.NativePtr);
        TimeSpan vision = Stopwatch.GetElapsedTime(start);

        start = Stopwatch.GetTimestamp();
        int position = 0;
        context.SetCausalAttention(false);
        int status = _vision.NativeHandle.DecodeImageChunk(chunk.NativePtr, context, rows, ref position, seqId: 0, _batchRows);
        if (status != 0) throw new InvalidOperationException($"The decoder does not take the picture (status {status}).");
        // Not by libmtmd's own helper: it takes the zero after the text for a token of it, and a model that was not trained on that answers
        // nonsense.
        LLamaToken[] text = _weights.Tokenize(prompt + "\n", add_bos: true, special: false, Encoding.UTF8);
        _batch.Clear();
        _batch.AddRange(text, position, LLamaSeqId.Zero, logitsLast: true);
        Decode(_batch);
        int first = Best(text.Length - 1);
        context.SetCausalAttention(true);
        return new StockPrefix(position + text.Length, first, vision, Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Lets further sequences hold what the first one does.</summary>
    public void Share(int sequences)
    {
        for (int sequence = 1; sequence < sequences; sequence++)
        {
            _context.NativeHandle.MemorySequenceCopy(LLamaSeqId.Zero, (LLamaSeqId)sequence, -1, -1);
        }
    }

    /// <summary>Decodes a token of each sequence, the same for all.</summary>
    /// <returns>The first one's most probable next token.</returns>
    public int Step(int token, int position, int sequences = 1)
    {
        _batch.Clear();
        for (int sequence = 0; sequence < sequences; sequence++) _batch.Add(token, position, (LLamaSeqId)sequence, logits: true);
        Decode(_batch);
        return Best(0);
    }

    public void Dispose()
    {
        _context.Dispose();
        _vision.Dispose();
        _weights.Dispose();
    }

    private void Decode(LLamaBatch batch)
    {
        DecodeResult result = _context.NativeHandle.Decode(batch);
        if (result != DecodeResult.Ok) throw new InvalidOperationException($"{batch.TokenCount} tokens are not decoded ({result}).");
        _context.NativeHandle.Synchronize();
    }

    private int Best(int row) => TensorPrimitives.IndexOfMax<float>(_context.NativeHandle.GetLogitsIth(row));
}

/// <summary>A prefix that is decoded.</summary>
/// <param name="Rows">Picture and prompt, in tokens.</param>
/// <param name="First">The most probable first token of the answer.</param>
/// <param name="Vision">Tower and projector.</param>
/// <param name="Prefix">Picture and prompt through the decoder.</param>
internal sealed record StockPrefix(int Rows, int First, TimeSpan Vision, TimeSpan Prefix);
