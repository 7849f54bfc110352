using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.BigVision;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion;

/// <summary>What a conversion starts from. From here on, a Hugging Face folder and a file of big_vision are the same.</summary>
/// <param name="Weights">The tensors, under names of Hugging Face checkpoints.</param>
/// <param name="Text">The decoder's sizes.</param>
/// <param name="Vision">The vision tower's sizes.</param>
/// <param name="Vocabulary">The tokens, one for each row of the embedding.</param>
/// <param name="Preprocessing">What is done to pictures.</param>
/// <param name="EndTokens">The tokens that end an answer, at least one; the tokenizer's own first, if it is one of them.</param>
/// <param name="IsTied">Whether the embedding is the output matrix too.</param>
internal sealed record ModelSource(
    Checkpoint Weights, TextConfig Text, VisionConfig Vision,
    Vocabulary Vocabulary, ImagePreprocessing Preprocessing, IReadOnlyList<int> EndTokens, bool IsTied = true) : IDisposable
{
    private const string Ending = ".npz";

    // transformers makes the embedding's rows a multiple of this.
    private const int RowMultiple = 64;

    /// <summary>Where a source lies: the folder itself, or that of the file.</summary>
    public static string FolderOf(string source) => Directory.Exists(source) ? source : Path.GetDirectoryName(source)!;

    /// <summary>What a source is called, without its ending.</summary>
    public static string NameOf(string source)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        return File.Exists(source) && name.EndsWith(Ending, StringComparison.OrdinalIgnoreCase) ? name[..^Ending.Length] : name;
    }

    /// <summary>Opens a source.</summary>
    /// <param name="options">The source, a Hugging Face folder or an .npz file, and the tokenizer.</param>
    /// <param name="source">The full path of the former.</param>
    /// <param name="scratchFolder">Where compressed arrays are unpacked to while the source is open.</param>
    /// <param name="warnings">Told of what is not taken over.</param>
    /// <param name="cancellationToken">Ends the reading of files that lie elsewhere.</param>
    /// <exception cref="ModelFormatException">There is no such source, or a file of it is missing or malformed.</exception>
    public static ModelSource Open(ConversionOptions options, string source, string scratchFolder, ConversionWarnings warnings,
        CancellationToken cancellationToken)
    {
        if (Directory.Exists(source)) return OpenFolder(options, source, warnings, cancellationToken);
        if (!File.Exists(source)) throw new ModelFormatException(source, "no such folder or file");
        if (!source.EndsWith(Ending, StringComparison.OrdinalIgnoreCase))
            throw new ModelFormatException(source, $"this is a file, expected a checkpoint folder or an {Ending} file{Instead(source)}");
        return OpenFile(source, options.Tokenizer ?? TokenizerBeside(source), scratchFolder);
    }

    private static string Instead(string file) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".SAFETENSORS" or ".JSON" or ".MODEL" => $": name its folder, {Path.GetDirectoryName(file)}",
        ".GGUF" => ": it is converted already, and 'paligguf quantize' stores it anew",
        ".BIN" or ".PT" or ".PTH" or ".CKPT"
            or ".PKL" => ": pickled weights are not read (they can run any code); load them with transformers and call "
                + "save_pretrained(..., safe_serialization=True)",
        _ => "",
    };

    public void Dispose() => Weights.Dispose();

    private static ModelSource OpenFolder(ConversionOptions options, string folder, ConversionWarnings warnings,
        CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(folder, "config.json")) && File.Exists(Path.Combine(folder, PeftConfig.File)))
        {
            throw new ModelFormatException(folder, "this is an adapter, not a model: merge it into its model by 'convert MODEL --adapter' "
                + "and this folder, or keep it apart by 'paligguf adapter'");
        }

        CheckpointConfig config = CheckpointConfig.Read(folder, warnings);
        HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(folder, options.Streamed, cancellationToken);
        try
        {
            checkpoint.Rename(WrappedNames.Unwrap(folder, checkpoint.Tensors, warnings));
            TextConfig text = config.Text with { VocabularySize = RowsOf(checkpoint, config.Text.VocabularySize) };
            string tokenizer = options.Tokenizer ?? Path.Combine(folder, "tokenizer.model");
            Vocabulary vocabulary = Vocabulary.Read(tokenizer, AddedTokens.Read(folder).Tokens, text.VocabularySize, config.ImageToken);
            TokenizerSettings.Check(folder, vocabulary, warnings);
            return new ModelSource(
                checkpoint, text, config.Vision, vocabulary,
                ImagePreprocessing.Read(folder, config.Vision, warnings), Ends(config, vocabulary), config.IsTied);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<int> Ends(CheckpointConfig config, Vocabulary vocabulary)
    {
        (string path, IReadOnlyList<int> ends) = config.Generation;
        if (ends.FirstOrDefault(token => token >= vocabulary.Tokens.Count) is var unknown and not 0)
        {
            throw new ModelFormatException(path, $"eos_token_id is {unknown}, but there are only {vocabulary.Tokens.Count} tokens");
        }

        return ends.Count == 0 ? [vocabulary.EndId] : [.. ends.OrderBy(token => token != vocabulary.EndId)];
    }

    // Some configurations count the tokens, 257152, and not the rows that transformers has padded the embedding to, 257216.
    private static int RowsOf(Checkpoint checkpoint, int configured)
    {
        SourceTensor? embedding = checkpoint.Tensors.FirstOrDefault(pair => TensorNames.Shorten(pair.Key) == TensorNames.Embedding).Value;
        long rows = embedding is { Shape.Count: > 0 } ? embedding.Shape[0] : 0;
        return rows > configured && rows <= configured + RowMultiple ? (int)rows : configured;
    }

    private static ModelSource OpenFile(string path, string tokenizer, string scratchFolder)
    {
        BigVisionCheckpoint checkpoint = BigVisionCheckpoint.Open(path, scratchFolder);
        try
        {
            SentencePieceModel model = SentencePieceModel.Read(tokenizer);
            IReadOnlyList<AddedToken> added = BigVisionTokens.AddedTo(model);
            int tokens = model.Pieces.Count + added.Count;
            int rows = checkpoint.Text.VocabularySize;
            if (tokens > rows)
            {
                throw new ModelFormatException(tokenizer,
                    $"the tokenizer has {tokens} tokens, but the embedding of {Names([path])} only {rows} rows");
            }

            int? imageId = model.Pieces.Any(piece => piece.Text == Vocabulary.ImageText) ? null : tokens;
            if (imageId == rows) checkpoint.PadVocabulary((rows / RowMultiple * RowMultiple) + RowMultiple);
            Vocabulary vocabulary = Vocabulary.Build(model, added, checkpoint.Text.VocabularySize, imageId, tokenizer);
            return new ModelSource(checkpoint, checkpoint.Text,
                checkpoint.Vision, vocabulary, ImagePreprocessing.Siglip, [vocabulary.EndId]);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    private static string TokenizerBeside(string path)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.model").Where(RegularFile.IsOne);
        string[] found = [.. files.Order(StringComparer.Ordinal)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new ModelFormatException(path,
                "an .npz file holds no tokenizer, and no *.model file lies beside it: name it with --tokenizer "
                    + "(paligemma_tokenizer.model)"),
            _ => throw new ModelFormatException(path, $"several *.model files lie beside it ({Names(found)}): choose one with --tokenizer"),
        };
    }

    private static string Names(IEnumerable<string> files) => string.Join(", ", files.Select(file => OneLine.Show(Path.GetFileName(file))));
}
