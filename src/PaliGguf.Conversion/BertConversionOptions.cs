namespace PaliGguf.Conversion;

/// <summary>Which BERT to convert, and how.</summary>
public sealed class BertConversionOptions
{
    /// <summary>The checkpoint: a Hugging Face folder with <c>config.json</c>, <c>vocab.txt</c> and safetensors.</summary>
    public required string Source { get; init; }

    /// <summary>Where the GGUF file goes; created when it does not exist.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>
    /// The layer whose states are compared, from 1; those above are left out. Null for the one that bert_score takes for a model of the
    /// folder's name, 9 for bert-base-multilingual-cased.
    /// </summary>
    public int? Layer { get; init; }

    /// <summary>How matrices are stored: F32, F16, BF16 or Q8_0. Only F32 scores as the original does, to its own precision.</summary>
    public ModelFileType Type { get; init; } = ModelFileType.F32;

    /// <summary>The model's name, which the file's contains; null for that of the folder with the layer behind it.</summary>
    public string? Name { get; init; }
}

/// <summary>The file of a converted BERT.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Path">The full path, <c>NAME-TYPE.gguf</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Layer">The layer that it ends with.</param>
public sealed record BertConversionResult(string Name, string Path, long Bytes, int Layer);
