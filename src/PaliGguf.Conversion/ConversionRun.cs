using System.Buffers;
using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion;

/// <summary>One conversion from start to end.</summary>
internal sealed class ConversionRun(ConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
{
    private const int LongestName = 200;

    // Those of all systems, so that a pair can be moved from one to another.
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create("/\\:*?\"<>|");

    private ModelFileType VisionType => options.VisionType ?? VisionRecipe.For(options.Type);

    public ConversionResult Run()
    {
        string source = Path.GetFullPath(options.Source);
        if (!Directory.Exists(source)) throw new ModelFormatException(source, File.Exists(source) ? "this is a file, expected a checkpoint folder" : "no such folder");
        string name = ModelName(source);
        progress?.Report(new ConversionProgress(ConversionPhase.Checking, Path.GetFileName(source), 0, 0));
        using Checkpoint checkpoint = AdaptedCheckpoint.Open(HuggingFaceCheckpoint.Open(source), options.Adapters);
        return Plan(source, name, checkpoint).Write(options.OutputFolder, progress, cancellationToken);
    }

    private ModelPair Plan(string source, string name, Checkpoint checkpoint)
    {
        CheckpointConfig config = CheckpointConfig.Read(source);
        TensorSet set = new(checkpoint);
        IReadOnlyList<PlannedTensor> textTensors = TextTensors.Plan(set, config.Text);
        IReadOnlyList<PlannedTensor> visionTensors = VisionTensors.Plan(set, config.Vision, config.Text.HiddenSize);
        SourceTensor? head = set.TakeHead();
        set.Complete();
        IReadOnlyList<PlannedTensor>? maskTensors = (options.MaskDecoder ?? MaskTensors.Find(source)) is { } maskDecoder ? MaskTensors.Plan(Path.GetFullPath(maskDecoder)) : null;
        cancellationToken.ThrowIfCancellationRequested();

        Vocabulary vocabulary = Vocabulary.Read(source, config.Text.VocabularySize, config.ImageToken);
        if (head is not null) TiedHead.Check(head, textTensors[0].Source, vocabulary.ImageId, cancellationToken);

        TensorImportance importance = TensorImportance.Read(options.ImportanceMatrix);
        TextRecipe recipe = new(options.Type, config.Text.Layers, config.Text.Heads / config.Text.KeyValueHeads, importance.IsWeighted, options.EmbeddingType);
        GgufPlan text = new(textTensors, recipe, importance);
        TextGguf.Describe(text, name, config.Text, vocabulary, options.KeepSlidingWindow);
        GgufPlan vision = new([.. visionTensors, .. maskTensors ?? []], new VisionRecipe(VisionType), importance);
        VisionGguf.Describe(vision, name, config.Vision, config.Text.HiddenSize, ImageNormalization.Read(source), maskTensors is not null);
        importance.Describe(text.Metadata);
        importance.Describe(vision.Metadata);
        return new ModelPair(name, text, options.Type, vision, VisionType);
    }

    private string ModelName(string source)
    {
        string name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        bool usable = name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAny(NotInFileNames) && !name.Any(char.IsControl) && name.Trim() == name;
        if (usable) return name;
        throw new ConversionException($"'{OneLine.Show(name)}' can not be a model's name, since it is part of file names: choose another one");
    }
}
