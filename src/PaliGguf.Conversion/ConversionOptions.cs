namespace PaliGguf.Conversion;

/// <summary>What to convert, and how.</summary>
public sealed class ConversionOptions
{
    /// <summary>
    /// The checkpoint: a Hugging Face folder with <c>config.json</c>, <c>tokenizer.model</c> and one or several safetensors files, or an <c>.npz</c> file of
    /// big_vision, stored or compressed, in 16, 32 or 64 bits. Sizes and resolution of the latter are read from the shapes of its arrays.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>
    /// The SentencePiece model. Null for <c>tokenizer.model</c> in the folder, or for the one <c>*.model</c> file that lies beside an <c>.npz</c> file.
    /// </summary>
    public string? Tokenizer { get; init; }

    /// <summary>Where the two GGUF files go; created when it does not exist.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>How matrices are stored.</summary>
    public ModelFileType Type { get; init; } = ModelFileType.Q8_0;

    /// <summary>The model's name, which both file names contain; null for the name of the source folder or file.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Writes the checkpoint's own sliding window, as older transformers releases apply it. By default the window is as long as the
    /// context, which switches it off: the original training code has none, and the prefix of a 896-pixel picture is longer than it.
    /// </summary>
    public bool KeepSlidingWindow { get; init; }

    /// <summary>
    /// The mask decoder, which <c>segment</c> needs: the file <c>vae-oid.npz</c> that PaliGemma's authors published, or one like it. It becomes part of the
    /// vision file, 4.8 MB. Null to take the one in the checkpoint's folder, or beside its file, if there is one.
    /// </summary>
    public string? MaskDecoder { get; init; }
}
