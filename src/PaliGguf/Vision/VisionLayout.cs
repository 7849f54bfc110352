using PaliGguf.Gguf;

namespace PaliGguf.Vision;

/// <summary>What the vision half of a pair holds: sizes from its metadata, checked against its tensors.</summary>
internal sealed record VisionLayout
{
    /// <summary>The key of how pictures are resized; without it bicubically.</summary>
    public const string ResamplingKey = "paligguf.image_resampling";

    private const int LargestDimension = 1 << 16;

    // 25 times the largest of a published tower; as floats, three of them still fit one managed array.
    private const long MostElements = 1 << 27;

    private VisionLayout()
    {
    }

    /// <summary>The side of the square picture, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>The side of a patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    public required int HiddenLength { get; init; }

    public required int FeedForwardLength { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    /// <summary>The embedding length of the decoder that the soft tokens are for.</summary>
    public required int ProjectionLength { get; init; }

    public required float NormEpsilon { get; init; }

    public required PixelNormalization Normalization { get; init; }

    /// <summary>How pictures were resized when the model was trained.</summary>
    public required Interpolation Interpolation { get; init; }

    /// <summary>The projector's name before <c>.weight</c> and <c>.bias</c>: "mm.0", or "mm.input_projection" in some public files.</summary>
    public required string Projector { get; init; }

    /// <summary>Whether the names of the two MLP products are exchanged, as early converters of CLIP towers did.</summary>
    public required bool SwappedFeedForward { get; init; }

    public int PatchesPerSide => ImageSize / PatchSize;

    /// <summary>Patches, and so soft tokens, per picture.</summary>
    public int Patches => PatchesPerSide * PatchesPerSide;

    public int HeadLength => HiddenLength / HeadCount;

    /// <summary>Values of one patch: three channels.</summary>
    public int PatchLength => 3 * PatchSize * PatchSize;

    /// <summary>Reads and checks a vision GGUF.</summary>
    /// <exception cref="ModelFormatException">It is not a SigLIP tower with a linear projector, or not a sound one.</exception>
    public static VisionLayout Read(GgufFile file)
    {
        string architecture = file.Metadata.GetString("general.architecture");
        if (architecture != "clip")
        {
            throw new ModelFormatException(file.Path, architecture is "gemma" or "gemma2"
                ? $"this is a text model (general.architecture '{architecture}'), and a vision model is wanted here; the vision model of a pair is the file whose name begins with 'mmproj-'."
                : $"general.architecture is {GgufName.Quote(architecture)}; vision models are 'clip'.");
        }

        int Dimension(string key, int largest = LargestDimension) => file.GetPositive("clip.vision." + key, largest);
        long? RowLength(string product) => file.FindTensor($"v.blk.0.{product}.weight")?.RowLength;
        // The first of two layers could have the decoder's width by chance, as it does with PaliGemma 2 3B.
        const string forMtmd = "A file that was converted with '--vision-form mlp' is for llama.cpp's libmtmd: convert without it.";
        file.Require(
            file.FindTensor("mm.2.weight") is null,
            $"its projector has two layers (mm.2.weight), where PaliGemma's has one. {forMtmd}");
        string projector = new[] { "mm.0", "mm.input_projection" }.FirstOrDefault(name => file.FindTensor(name + ".weight") is not null)
            ?? throw new ModelFormatException(file.Path, "there is no linear projector: neither mm.0.weight nor mm.input_projection.weight.");
        int hidden = Dimension("embedding_length");
        int feedForward = Dimension("feed_forward_length");
        VisionLayout layout = new()
        {
            ImageSize = Dimension("image_size", 8192),
            PatchSize = Dimension("patch_size", 256),
            HiddenLength = hidden,
            FeedForwardLength = feedForward,
            LayerCount = Dimension("block_count", 512),
            HeadCount = Dimension("attention.head_count", 1024),
            ProjectionLength = (int)Math.Min(file.GetTensor(projector + ".weight").RowCount, int.MaxValue),
            NormEpsilon = file.Metadata.GetSingle("clip.vision.attention.layer_norm_epsilon"),
            Normalization = ReadNormalization(file),
            Interpolation = ReadInterpolation(file),
            Projector = projector,
            SwappedFeedForward = feedForward != hidden && RowLength("ffn_down") == hidden && RowLength("ffn_up") == feedForward,
        };
        layout.Check(file);
        VisionKeys.Check(file, layout.LayerCount);
        return layout;
    }

    /// <summary>The tower of a published size, its MLP padded as converted files have it.</summary>
    public static VisionLayout Of(ModelSize size) => new()
    {
        ImageSize = size.ImageSize,
        PatchSize = size.PatchSize,
        HiddenLength = size.VisionLength,
        FeedForwardLength = (size.VisionFeedForwardLength + 31) / 32 * 32,
        LayerCount = size.VisionLayerCount,
        HeadCount = size.VisionHeadCount,
        ProjectionLength = size.EmbeddingLength,
        NormEpsilon = 1e-6f,
        Normalization = PixelNormalization.Siglip,
        Interpolation = Interpolation.Bicubic,
        Projector = "mm.0",
        SwappedFeedForward = false,
    };

    private void Check(GgufFile file)
    {
        file.Require(ImageSize % PatchSize == 0, $"clip.vision.image_size {ImageSize} is not a multiple of the patch size {PatchSize}.");
        file.Require(Patches <= 16384, $"clip.vision.image_size {ImageSize} makes {Patches} patches; at most 16384 are supported.");
        file.Require(HiddenLength % HeadCount == 0, $"{HeadCount} attention heads do not divide the hidden length {HiddenLength}.");
        file.RequireNumber("clip.vision.attention.layer_norm_epsilon", 0, 1, required: true);
        file.RequireTensors(Tensors());
        foreach (ExpectedTensor tensor in Tensors())
        {
            long elements = tensor.Shape.Aggregate(1L, (product, size) => product * size);
            file.Require(elements <= MostElements, $"{tensor.Name} has {elements} elements; at most {MostElements} are supported.");
        }

        // Converters for other models leave out the last block, which PaliGemma does use: the tower would run without an error, and see badly.
        string next = $"v.blk.{LayerCount}.";
        file.Require(
            !file.Tensors.Any(tensor => tensor.Name.StartsWith(next, StringComparison.Ordinal)),
            $"clip.vision.block_count is {LayerCount}, but there are tensors of a further block, {next}*.");
    }

    /// <summary>An interpolation as the file names it.</summary>
    public static string Name(Interpolation interpolation) => interpolation == Interpolation.Bilinear ? "bilinear" : "bicubic";

    private static Interpolation ReadInterpolation(GgufFile file)
    {
        if (!file.Metadata.Contains(ResamplingKey)) return Interpolation.Bicubic;
        string name = file.Metadata.GetString(ResamplingKey);
        foreach (Interpolation known in Enum.GetValues<Interpolation>())
        {
            if (Name(known) == name) return known;
        }

        throw new ModelFormatException(file.Path, $"{ResamplingKey} is {GgufName.Quote(name)}; expected bicubic or bilinear.");
    }

    private static PixelNormalization ReadNormalization(GgufFile file)
    {
        if (!file.Metadata.Contains("clip.vision.image_mean") || !file.Metadata.Contains("clip.vision.image_std")) return PixelNormalization.Siglip;
        ReadOnlySpan<float> mean = file.Metadata.GetSingleArray("clip.vision.image_mean");
        ReadOnlySpan<float> deviation = file.Metadata.GetSingleArray("clip.vision.image_std");
        bool sound = mean.Length == 3 && deviation.Length == 3;
        for (int channel = 0; sound && channel < 3; channel++) sound = float.IsFinite(mean[channel]) && float.IsNormal(deviation[channel]) && deviation[channel] > 0;
        file.Require(sound, $"clip.vision.image_mean and image_std must be three finite numbers each, the second positive.");
        return new PixelNormalization(mean, deviation);
    }

    /// <summary>The tensors that the tower and the projector are made of.</summary>
    public IEnumerable<ExpectedTensor> Tensors()
    {
        yield return new("v.patch_embd.weight", [PatchSize, PatchSize, 3, HiddenLength]);
        yield return new("v.patch_embd.bias", [HiddenLength]);
        yield return new("v.position_embd.weight", [HiddenLength, Patches]);
        (string up, string down) = SwappedFeedForward ? ("ffn_down", "ffn_up") : ("ffn_up", "ffn_down");
        for (int layer = 0; layer < LayerCount; layer++)
        {
            string block = $"v.blk.{layer}.";
            foreach (string name in new[] { "ln1", "ln2" })
            {
                yield return new($"{block}{name}.weight", [HiddenLength]);
                yield return new($"{block}{name}.bias", [HiddenLength]);
            }

            foreach (string name in new[] { "attn_q", "attn_k", "attn_v", "attn_out" })
            {
                yield return new($"{block}{name}.weight", [HiddenLength, HiddenLength]);
                yield return new($"{block}{name}.bias", [HiddenLength]);
            }

            yield return new($"{block}{up}.weight", [HiddenLength, FeedForwardLength]);
            yield return new($"{block}{up}.bias", [FeedForwardLength]);
            yield return new($"{block}{down}.weight", [FeedForwardLength, HiddenLength]);
            yield return new($"{block}{down}.bias", [HiddenLength]);
        }

        yield return new("v.post_ln.weight", [HiddenLength]);
        yield return new("v.post_ln.bias", [HiddenLength]);
        yield return new(Projector + ".weight", [HiddenLength, ProjectionLength]);
        yield return new(Projector + ".bias", [ProjectionLength]);
    }
}
