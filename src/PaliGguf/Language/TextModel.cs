using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;

namespace PaliGguf.Language;

/// <summary>The loaded decoder: its weights, its vocabulary and the rows of its token embedding.</summary>
internal sealed class TextModel : IDisposable
{
    private readonly GgufFile _file;

    private TextModel(GgufFile file, TextModelLayout layout, ILlamaModel weights)
    {
        _file = file;
        Layout = layout;
        Weights = weights;
        Vocabulary = new Vocabulary(layout.Tokenizer ?? throw new ArgumentException("The layout was not read from a file.", nameof(layout)));
        Embeddings = new TokenEmbeddings(file);
        Pieces =
            new Lazy<PieceIndex>(
                () =>
                    new PieceIndex(layout.ImageToken,
                        Vocabulary.EndOfSequence, token => Vocabulary.IsEnd(token) ? [] : Vocabulary.Piece(token)));
    }

    public TextModelLayout Layout { get; }

    public ILlamaModel Weights { get; }

    public Vocabulary Vocabulary { get; }

    public TokenEmbeddings Embeddings { get; }

    /// <summary>The tokens that stand for text, by their bytes; made when first needed.</summary>
    public Lazy<PieceIndex> Pieces { get; }

    /// <summary>Loads the weights of a checked file, which the result owns from then on, through this project's own binding.</summary>
    public static TextModel Load(GgufFile file, TextModelLayout layout,
        ModelOptions options, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken) =>
        Load(LlamaBinding.Own, file, layout, options, logger, progress, cancellationToken);

    /// <inheritdoc cref="Load(GgufFile, TextModelLayout, ModelOptions, ILogger, IProgress{float}?, CancellationToken)"/>
    /// <summary>The same through a binding.</summary>
    public static TextModel Load(
        ILlamaBinding binding, GgufFile file, TextModelLayout layout,
        ModelOptions options, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        ILlamaModel weights = binding.Load(file, layout, options, logger, progress, cancellationToken);
        int rows = weights.TokenCount;
        if (rows == layout.VocabularySize) return new TextModel(file, layout, weights);
        // Logits are as many, and would be read beyond their end.
        weights.Dispose();
        throw new InferenceException(
            $"{file.Path}: this llama.cpp library counts {rows} tokens in a vocabulary of {layout.VocabularySize}.");
    }

    /// <summary>Keeps the mapped file as it was loaded, as long as there are users.</summary>
    public FileGuard Guard => _file.Guard;

    /// <summary>Makes sure that the mapped file is as it was loaded.</summary>
    /// <exception cref="ModelChangedException">It was written to, or shortened, or another program is about to.</exception>
    public void RequireUnchangedFile() => _file.RequireUnchanged();

    public void Dispose()
    {
        Weights.Dispose();
        _file.Dispose();
    }
}
