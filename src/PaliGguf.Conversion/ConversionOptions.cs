namespace PaliGguf.Conversion;

/// <summary>What to convert, and how.</summary>
public sealed record ConversionOptions
{
    /// <summary>
    /// The checkpoint: a Hugging Face folder with <c>config.json</c>, <c>tokenizer.model</c> and one or several safetensors files, or an
    /// <c>.npz</c> file of
    /// big_vision, stored or compressed, in 16, 32 or 64 bits. Sizes and resolution of the latter are read from the shapes of its arrays.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>
    /// The safetensors files of a Hugging Face folder that are not in it, but are read from elsewhere, once. What is not finished then
    /// stays in the output folder under a hidden
    /// name, and the same conversion goes on with it.
    /// </summary>
    public IReadOnlyList<StreamedFile> Streamed { get; init; } = [];

    /// <summary>Where the checkpoint comes from, for the metadata; null where it is not told.</summary>
    public SourceOrigin? Origin { get; init; }

    /// <summary>After how many bytes of streamed files it is noted how far the conversion has come.</summary>
    internal long JournalEvery { get; init; } = 128 << 20;

    /// <summary>
    /// The SentencePiece model. Null for <c>tokenizer.model</c> in the folder, or for the one <c>*.model</c> file that lies beside an
    /// <c>.npz</c> file.
    /// </summary>
    public string? Tokenizer { get; init; }

    /// <summary>Where the two GGUF files go; created when it does not exist.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>How the decoder's matrices are stored, and the tower's where <see cref="VisionType"/> does not tell.</summary>
    public ModelFileType Type { get; init; } = ModelFileType.Q8_0;

    /// <summary>
    /// How the vision tower's matrices are stored: F32, F16, BF16, Q8_0, Q5_1, Q5_0, Q4_1, Q4_0 or IQ4_NL. Null for the same as <see
    /// cref="Type"/> if that is
    /// one of the first four, and Q8_0 otherwise.
    /// </summary>
    public ModelFileType? VisionType { get; init; }

    /// <summary>Whose code the vision file is for. One in <see cref="VisionForm.Mlp"/> is called
    /// <c>mmproj-NAME-mlp-TYPE.gguf</c>.</summary>
    public VisionForm VisionForm { get; init; }

    /// <summary>
    /// How the token embedding is stored, which is the output matrix as well. Null for what belongs to <see cref="Type"/>: 8 bits with
    /// 4-bit types, for
    /// example.
    /// </summary>
    public GgmlType? EmbeddingType { get; init; }

    /// <summary>
    /// An importance matrix in GGUF format, as <c>paligguf imatrix</c> or llama.cpp's <c>llama-imatrix</c> writes it; null for none.
    /// </summary>
    public string? ImportanceMatrix { get; init; }

    /// <summary>The model's name, which both file names contain; null for the name of the source folder or file.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Writes the checkpoint's own sliding window, as older transformers releases apply it. By default the window is as long as the
    /// context, which switches it off: the original training code has none, and the prefix of a 896-pixel picture is longer than it.
    /// </summary>
    public bool KeepSlidingWindow { get; init; }

    /// <summary>
    /// The mask decoder, which <c>segment</c> needs: the file <c>vae-oid.npz</c> that PaliGemma's authors published, or one like it. It
    /// becomes part of the
    /// vision file, 4.8 MB in 32 bits. Null to take the one in the checkpoint's folder, or beside its file, if there is one.
    /// </summary>
    public string? MaskDecoder { get; init; }

    /// <summary>How mask decoder and encoder are stored. Smaller, their masks differ at a few pixels of their outlines.</summary>
    public MaskType MaskType { get; init; }

    /// <summary>
    /// LoRA adapters that are merged into the weights before these are stored, in this order. They may be for the text model, the vision
    /// tower and the projector;
    /// one for the text model alone can also be kept apart (<see cref="AdapterConverter"/>).
    /// </summary>
    public IReadOnlyList<AdapterSource> Adapters { get; init; } = [];
}
