using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion;

/// <summary>One conversion from start to end.</summary>
internal sealed class ConversionRun(ConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
{
    private readonly ConversionWarnings _warnings = new();

    public ConversionResult Run()
    {
        string source = Path.GetFullPath(LocalPath.Of(options.Source, "a checkpoint"));
        PairFiles files = new(ModelName.Check(options.Name ?? ModelSource.NameOf(source)), options.Type, options.VisionType ?? VisionRecipe.For(options.Type), options.VisionForm);
        progress?.Report(new ConversionProgress(ConversionPhase.Checking, Path.GetFileName(source), 0, 0));
        using OutputFiles output = files.Open(options.OutputFolder, progress);
        RefuseUnmentionedAdapter(source);
        using ModelSource model = ModelSource.Open(source, options.Tokenizer, output.ScratchFolder, _warnings);
        using Checkpoint weights = AdaptedCheckpoint.Open(model.Weights, options.Adapters, _warnings);
        (GgufPlan text, GgufPlan vision) = Plan(source, files, model, weights, output.ScratchFolder);
        return files.Write(output, text, vision, weights.ScratchBytes, cancellationToken) with { Warnings = _warnings.All };
    }

    // transformers would load it with the model, and others would not: whoever converts has to say.
    private void RefuseUnmentionedAdapter(string source)
    {
        string adapter = Path.Combine(source, PeftConfig.File);
        bool isModel = File.Exists(Path.Combine(source, "config.json"));
        if (!isModel || !File.Exists(adapter)
            || options.Adapters.Any(named => string.Equals(Path.TrimEndingDirectorySeparator(Path.GetFullPath(named.Folder)),
                Path.TrimEndingDirectorySeparator(source), StringComparison.Ordinal)))
        {
            return;
        }

        throw new ModelFormatException(adapter, $"an adapter lies beside the model: merge it by '--adapter {source}', or move "
            + $"{PeftConfig.File} and adapter_model.safetensors elsewhere to convert without it");
    }

    private (GgufPlan Text, GgufPlan Vision) Plan(string source, PairFiles files, ModelSource model, Checkpoint weights, string scratchFolder)
    {
        TensorSet set = new(weights, TensorNames.Of(weights.Tensors.Keys));
        IReadOnlyList<PlannedTensor> textTensors = TextTensors.Plan(set, model.Text);
        IReadOnlyList<PlannedTensor> visionTensors = VisionTensors.Plan(set, model.Vision, model.Text.HiddenSize);
        SourceTensor? head = set.TakeHead();
        set.Complete();
        bool forMlp = options.VisionForm == VisionForm.Mlp;
        string? maskDecoder = forMlp ? null : options.MaskDecoder ?? MaskTensors.Find(ModelSource.FolderOf(source));
        IReadOnlyList<PlannedTensor> maskTensors =
            maskDecoder is null ? [] : MaskTensors.Plan(Path.GetFullPath(maskDecoder), scratchFolder);
        if (forMlp) visionTensors = MlpProjector.Plan(visionTensors, VisionTensors.Projector);
        cancellationToken.ThrowIfCancellationRequested();
        if (head is null && !model.IsTied)
        {
            throw new ModelFormatException(source, "config.json says that the output matrix is not the embedding (tie_word_embeddings is "
                + "false), and there is no lm_head.weight: the checkpoint is incomplete");
        }

        if (head is not null) TiedHead.Check(head, textTensors[0].Source, model.Vocabulary.ImageId, cancellationToken);

        TensorImportance importance = TensorImportance.Read(options.ImportanceMatrix);
        TextRecipe recipe = new(options.Type, model.Text.Layers, model.Text.Heads / model.Text.KeyValueHeads, importance.IsWeighted, options.EmbeddingType);
        GgufPlan text = new(textTensors, recipe, importance);
        TextGguf.Describe(text, files.Name, model.Text, model.Vocabulary, model.EndTokens, options.KeepSlidingWindow);
        GgufPlan vision = new([.. visionTensors, .. maskTensors], new VisionRecipe(files.VisionType), importance);
        VisionGguf.Describe(vision, files.Name, model.Vision,
            model.Text.HiddenSize, model.Preprocessing, options.VisionForm);
        MaskTensors.Describe(vision.Metadata, maskTensors);
        importance.Describe(text.Metadata);
        importance.Describe(vision.Metadata);
        return (text, vision);
    }
}
