using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>Through whose code the decoder is loaded and run in the library: this project's own, or that of a program that has it loaded
/// already.</summary>
internal interface ILlamaBinding
{
    /// <summary>Whether the weights are in memory already, for somebody else too.</summary>
    bool HasWeights { get; }

    /// <summary>Loads the weights of a checked file, or takes those that are there.</summary>
    /// <exception cref="ModelFormatException">The library does not load the file, or the weights that are there are not of it.</exception>
    /// <exception cref="ModelMemoryException">There is too little memory.</exception>
    /// <exception cref="OperationCanceledException">Loading was cancelled.</exception>
    ILlamaModel Load(GgufFile file, TextModelLayout layout,
        ModelOptions options, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken);
}

/// <summary>A decoder's weights in the library.</summary>
internal interface ILlamaModel : IDisposable
{
    /// <summary>The bytes of the weights.</summary>
    long Bytes { get; }

    /// <summary>How many tokens the library counts in the vocabulary, and so how many logits it gives.</summary>
    int TokenCount { get; }

    /// <summary>Whether products may be computed by code of our own: of all weights that are as they are stored.</summary>
    bool OwnProducts { get; }

    /// <summary>Loads a checked adapter, which is released with this.</summary>
    /// <returns>What <see cref="ILlamaContext.Use"/> knows it by; null if the library does not take it.</returns>
    object? LoadAdapter(string path);

    /// <summary>Makes a context.</summary>
    /// <returns>Null if the library can not.</returns>
    ILlamaContext? CreateContext(ContextParameters parameters);
}

/// <summary>A context of the library. Used by one thread at a time.</summary>
internal interface ILlamaContext : IDisposable
{
    /// <summary>Computes on so many CPU threads from now on.</summary>
    void SetThreads(int threads);

    /// <summary>Decodes with these adapters from now on.</summary>
    /// <returns>The library's status: 0 for success.</returns>
    int Use(AdapterSet adapters);

    /// <summary>Decodes embedding rows from position 0 of a sequence on, with an output for the last one, and waits for it.</summary>
    /// <returns>The library's status: 0 for success, 1 if there is no room, 2 if it was aborted.</returns>
    int Decode(ReadOnlySpan<float> rows, int count, int sequence);

    /// <summary>Decodes one token for each of some different sequences, each with an output, and waits for them.</summary>
    /// <returns>Likewise.</returns>
    int Decode(ReadOnlySpan<SequenceToken> tokens);

    /// <summary>The logits of a row of the last batch, valid until the next one; empty if it has none.</summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>Forgets what a sequence holds from a position on; all of it from -1 on.</summary>
    void Remove(int sequence, int position);

    /// <summary>Lets an empty sequence hold all that another one does.</summary>
    void Share(int sequence, int with);
}

/// <summary>What a context is made with; its attention is full in both directions, and its sequences share their cells.</summary>
/// <param name="Cells">The tokens of all sequences together.</param>
/// <param name="BatchRows">The rows of the longest batch.</param>
/// <param name="Sequences">How many sequences there are, and so outputs of a batch.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="CacheType">The element type of the KV cache.</param>
/// <param name="Offload">Whether the cache and large products may go to a GPU.</param>
internal readonly record struct ContextParameters(int Cells, int BatchRows, int Sequences, int Threads, GgmlType CacheType, bool Offload)
{
    /// <summary>A function that the scheduler calls for each node, with its data; 0 for none.</summary>
    public (nint Function, nint Data) NodeCallback { get; init; }

    /// <summary>A function that tells whether to end a computation early, with its data.</summary>
    public (nint Function, nint Data) AbortCallback { get; init; }
}
