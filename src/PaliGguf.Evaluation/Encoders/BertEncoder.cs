using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Evaluation.Encoders;

/// <summary>
/// A BERT, cut at the layer whose states are compared, on llama.cpp: texts in, their tokens with a state for each out. Safe for concurrent use;
/// one call computes at a time.
/// </summary>
public sealed class BertEncoder : IDisposable
{
    /// <summary>How many tokens a text has at most, [CLS] and [SEP] among them; others are cut off, as bert_score does.</summary>
    private const int LongestText = BertModel.BatchTokens;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly BertModel _model;

    private BertEncoder(string path, BertLayout layout, BertModel model)
    {
        _path = path;
        _model = model;
        Layer = layout.Layers;
        MaxTokens = Math.Min(layout.Positions, LongestText);
        Tokenizer = new WordPieceTokenizer(layout.Tokens);
    }

    /// <summary>The layer that the model ends with.</summary>
    public int Layer { get; }

    /// <summary>How many tokens of a text are taken: those that the model has positions for, and at most 512.</summary>
    public int MaxTokens { get; }

    /// <summary>What texts are split by.</summary>
    public WordPieceTokenizer Tokenizer { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">A GGUF that <see cref="Conversion.BertConverter"/> wrote.</param>
    /// <param name="threads">CPU threads; null for all cores, or for one with a model of a few megabytes.</param>
    /// <param name="logger">Gets the library's messages; null for none.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="PaliException">It is not such a file, or there is too little memory.</exception>
    public static BertEncoder Load(string path, int? threads = null, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (threads is < 1 or > 512) throw new ArgumentOutOfRangeException(nameof(threads), threads, "Expected 1 to 512 threads.");
        using GgufFile file = GgufFile.Open(path);
        BertLayout layout = Layout(file);
        int cores = PaliModel.Threads(new ModelOptions { Threads = threads }, file.Length);
        BertModel model = new(file, layout, cores, logger ?? NullLogger.Instance);
        return new BertEncoder(path, layout, model);
    }

    /// <summary>Makes sure that a file is one that <see cref="Load"/> takes, without loading its weights.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The layer that it ends with.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelFormatException">It is another one.</exception>
    public static int Check(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return Layout(file).Layers;
    }

    /// <summary>The tokens of a text.</summary>
    public int[] Tokenize(string text) => Tokenizer.Encode(text, MaxTokens);

    /// <summary>Computes the states of texts' tokens.</summary>
    /// <param name="texts">The tokens of each text, as <see cref="Tokenize"/> gives them: 2 to <see cref="MaxTokens"/>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">A text has too few or too many tokens, or one that the model does not have.</exception>
    /// <exception cref="InferenceException">The library fails, or the states are not finite: the weights are broken.</exception>
    public IReadOnlyList<BertText> Encode(IReadOnlyList<int[]> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (int[] text in texts) Require(text);
        List<BertText> encoded = new(texts.Count);
        SequenceToken[] batch = new SequenceToken[BertModel.BatchTokens];
        lock (_gate)
        {
            while (encoded.Count < texts.Count)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int rows = 0;
                int taken = 0;
                while (encoded.Count + taken < texts.Count && taken < BertModel.BatchTexts
                    && rows + texts[encoded.Count + taken].Length <= batch.Length)
                {
                    int[] text = texts[encoded.Count + taken];
                    for (int i = 0; i < text.Length; i++) batch[rows++] = new SequenceToken(text[i], i, taken);
                    taken++;
                }

                float[][] states = Finite(_model.Encode(batch.AsSpan(0, rows)));
                for (int row = 0; row < rows; row += encoded[^1].Tokens.Count)
                {
                    int[] text = texts[encoded.Count];
                    encoded.Add(new BertText(text, states[row..(row + text.Length)]));
                }
            }
        }

        return encoded;
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _model.Dispose();

    private static BertLayout Layout(GgufFile file)
    {
        BertLayout layout = BertLayout.Read(file);
        try
        {
            _ = new WordPieceTokenizer(layout.Tokens);
            return layout;
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException(file.Path, "tokenizer.ggml.tokens is no vocabulary of a BERT: [UNK], [CLS] or [SEP] is missing.", e);
        }
    }

    private void Require(int[] text)
    {
        if (text.Length < 2 || text.Length > MaxTokens)
        {
            throw new ArgumentException($"A text has {text.Length} tokens; expected 2 to {MaxTokens}.", nameof(text));
        }

        if (Array.FindIndex(text, token => token < 0 || token >= Tokenizer.Count) is >= 0 and int unknown)
        {
            throw new ArgumentException($"There is no token {text[unknown]}; there are {Tokenizer.Count}.", nameof(text));
        }
    }

    private float[][] Finite(float[][] states)
    {
        if (states.All(state => state.All(float.IsFinite) && state.Any(number => number != 0))) return states;
        throw new InferenceException($"{_path}: the states of a text are not finite numbers: the weights are broken.");
    }
}
