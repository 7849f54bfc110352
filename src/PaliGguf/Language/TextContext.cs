using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Language;

/// <summary>
/// A llama context with full (non-causal) attention: a prefix goes in as one batch and sees itself wholly; the suffix goes in one token
/// per sequence and step, which is causal by itself. Used by one thread at a time.
/// </summary>
internal sealed unsafe class TextContext : IDisposable
{
    private readonly ILlamaContext _context;
    private readonly AbortFlag _abort = new();
    private readonly ActivationTap? _tap;
    private readonly ProductTap? _products;
    private readonly NativeLog.Route _log;
    private readonly bool _spin;
    private AdapterSet _adapters = AdapterSet.None;
    private int _threads;
    private int _nativeThreads;

    public TextContext(TextModel model, TextContextOptions options, ILogger logger)
    {
        _log = new NativeLog.Route(logger);
        Length = options.Length;
        PrefixLength = options.PrefixLength;
        _spin = options.Spin;
        Sequences = options.Sequences + options.Branches;
        _threads = _nativeThreads = options.Threads;
        using NativeLog.Route log = _log.Begin();
        (nint, nint) nodes = default;
        if (options.Activations is not null)
        {
            _tap = new ActivationTap(options.Activations);
            nodes = ((nint)ActivationTap.Callback, (nint)_tap.UserData);
        }
        else if (model.Weights.OwnProducts)
        {
            _products = new ProductTap(options.Threads, options.Instructions, options.Spin);
            nodes = ((nint)ProductTap.Callback, (nint)_products.UserData);
        }

        ContextParameters parameters =
            new(checked(Length * options.Sequences),
                Math.Max(PrefixLength, Sequences), Sequences, options.Threads, options.CacheType, options.Offload)
        {
            NodeCallback = nodes,
            AbortCallback = ((nint)(delegate* unmanaged[Cdecl]<void*, byte>)&ComputeDevice.IsSet, (nint)_abort.Pointer),
        };
        if (model.Weights.CreateContext(parameters) is { } context)
        {
            _context = context;
            return;
        }

        Dispose();
        throw new ModelMemoryException(
            $"No context of {Length} tokens x {options.Sequences} sequences could be made: "
                + $"{(log.Errors.Length > 0 ? log.Errors : "probably too little memory")}.");
    }

    /// <summary>The longest sequence, prefix and suffix together.</summary>
    public int Length { get; }

    /// <summary>The longest prefix.</summary>
    public int PrefixLength { get; }

    /// <summary>How many sequences there are: those of the requests and the branches.</summary>
    public int Sequences { get; }

    /// <summary>How many CPU threads the next batch is computed on. They take no part in what is computed, only in how fast.</summary>
    public int Threads
    {
        get => _threads;
        set
        {
            if (_threads == value) return;
            _products?.ReserveThreads(value);
            _threads = value;
        }
    }

    /// <summary>What the library took for the last batch.</summary>
    public TimeSpan NativeTime { get; private set; }

    /// <summary>Asks a running call to end early with <see cref="DecodeStatus.Aborted"/>; honoured by the CPU backend only.</summary>
    public bool AbortRequested
    {
        get => _abort.Requested;
        set => _abort.Requested = value;
    }

    /// <summary>Decodes with these adapters from now on. A change has the library plan its computation anew.</summary>
    public void Use(AdapterSet adapters)
    {
        if (adapters.Equals(_adapters)) return;
        int status = _context.Use(adapters);
        if (status != 0) throw new InferenceException($"The library failed to switch to {adapters.Count} adapters (status {status}).");
        _adapters = adapters;
    }

    /// <summary>Decodes a whole prefix into an empty sequence; the last row's logits are then at index <c>rows - 1</c>.</summary>
    public DecodeStatus DecodePrefix(ReadOnlySpan<float> embeddings, int rows, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, PrefixLength);
        using NativeLog.Route log = _log.Begin();
        long start = Begin(_spin ? Threads : 1);
        return End(_context.Decode(embeddings, rows, sequence), rows, start);
    }

    /// <summary>Decodes one token for each of some different sequences; their logits are then at the same indices.</summary>
    public DecodeStatus DecodeTokens(ReadOnlySpan<SequenceToken> tokens)
    {
        using NativeLog.Route log = _log.Begin();
        // Nearly all of it is operations of our own.
        long start = Begin(_products is null && _spin ? Threads : 1);
        return End(_context.Decode(tokens), tokens.Length, start);
    }

    /// <summary>The logits of a row of the last batch, valid until the next one.</summary>
    public ReadOnlySpan<float> Logits(int row)
    {
        ReadOnlySpan<float> logits = _context.Logits(row);
        return logits.IsEmpty ? throw new InferenceException($"Row {row} of the batch has no logits.") : logits;
    }

    /// <summary>Forgets a sequence, or what it holds from a position on.</summary>
    public void Remove(int sequence, int position = -1) => _context.Remove(sequence, position);

    /// <summary>Lets an empty sequence hold all that another one does; the cells are the same.</summary>
    public void Share(int sequence, int with) => _context.Share(sequence, with);

    public void Dispose()
    {
        _context?.Dispose();
        _tap?.Dispose();
        _products?.Dispose();
        _abort.Dispose();
    }

    private long Begin(int nativeThreads)
    {
        _products?.Begin(Threads);
        if (nativeThreads != _nativeThreads) _context.SetThreads(_nativeThreads = nativeThreads);
        return Stopwatch.GetTimestamp();
    }

    private DecodeStatus End(int status, int rows, long start)
    {
        NativeTime = Stopwatch.GetElapsedTime(start);
        _tap?.ThrowIfFailed();
        return status switch
        {
            0 => DecodeStatus.Done,
            2 => DecodeStatus.Aborted,
            1 => throw new InferenceException($"The KV cache has no room for {rows} more tokens: choose a longer context."),
            _ =>
                throw new InferenceException(
                    $"The library failed to decode {rows} rows (status {status}){(_log.Errors.Length > 0 ? ": " + _log.Errors : "")}."),
        };
    }
}

/// <summary>How a call to the library ended.</summary>
internal enum DecodeStatus
{
    Done,
    Aborted,
}
