namespace PaliGguf.Conversion;

/// <summary>Which GGUF file to store anew, and how.</summary>
public sealed class QuantizationOptions
{
    /// <summary>The file: the text or the vision half of a pair, of whatever type.</summary>
    public required string Source { get; init; }

    /// <summary>How matrices are stored. A vision file takes F32, F16, BF16, Q8_0, Q5_1, Q5_0, Q4_1, Q4_0 and IQ4_NL.</summary>
    public required ModelFileType Type { get; init; }

    /// <summary>Whose code a vision file is for; null for what the source is for. It can be turned into <see cref="VisionForm.Mlp"/>, and
    /// not back.</summary>
    public VisionForm? VisionForm { get; init; }

    /// <summary>The file to write; null for the source's name with its type replaced (<c>NAME-TYPE.gguf</c>), in the same folder.</summary>
    public string? Output { get; init; }

    /// <summary>How a decoder's token embedding is stored; null for what belongs to <see cref="Type"/>.</summary>
    public GgmlType? EmbeddingType { get; init; }

    /// <summary>An importance matrix in GGUF format, as <c>paligguf imatrix</c> or llama.cpp's <c>llama-imatrix</c> writes it; null for none.</summary>
    public string? ImportanceMatrix { get; init; }

    /// <summary>
    /// Lets a source be stored anew whose matrices have less than 8 bits already. What was lost then is lost, so the result is worse than one from the
    /// checkpoint.
    /// </summary>
    public bool AllowRequantizing { get; init; }
}
