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
        PairFiles files =
            new(ModelName.Check(options.Name ?? ModelSource.NameOf(source)), options.Type, options.VisionType
                ?? VisionRecipe.For(options.Type), options.VisionForm);
        progress?.Report(new ConversionProgress(ConversionPhase.Checking, Path.GetFileName(source), 0, 0));
        using OutputFiles output = files.Open(options.OutputFolder, progress, goOn: options.Streamed.Count > 0);
        RefuseUnmentionedAdapter(source);
        using ModelSource model = ModelSource.Open(options, source, output.ScratchFolder, _warnings, cancellationToken);
        using Checkpoint weights = AdaptedCheckpoint.Open(model.Weights, options.Adapters, _warnings);
        ArrivingCheckpoint? arriving = options.Streamed.Count == 0 ? null
            : new ArrivingCheckpoint((HuggingFaceCheckpoint)model.Weights, options.JournalEvery);
        (GgufPlan text, GgufPlan vision) = Plan(source, files, model, weights, arriving, output.ScratchFolder);
        ConversionResult result = arriving is null
            ? files.Write(output, text, vision, weights.ScratchBytes, cancellationToken)
            : files.Write(output, text, vision, arriving, cancellationToken);
        return result with { Warnings = _warnings.All };
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

    private (GgufPlan Text, GgufPlan Vision) Plan(
        string source, PairFiles files, ModelSource model, Checkpoint weights, ArrivingCheckpoint? arriving, string scratchFolder)
    {
        TensorSet set = new(weights, TensorNames.Of(weights.Tensors.Keys));
        IReadOnlyList<PlannedTensor> textTensors = TextTensors.Plan(set, model.Text);
        IReadOnlyList<PlannedTensor> visionTensors = VisionTensors.Plan(set, model.Vision, model.Text.HiddenSize);
        SourceTensor? head = set.TakeHead();
        set.Complete();
        bool forMlp = options.VisionForm == VisionForm.Mlp;
        string? maskDecoder = forMlp ? null : options.MaskDecoder ?? MaskTensors.Find(ModelSource.FolderOf(source));
        IReadOnlyList<PlannedTensor> maskTensors =
            maskDecoder is null ? [] : MaskTensors.Plan(Path.GetFullPath(maskDecoder), options.MaskType, scratchFolder);
        if (forMlp) visionTensors = MlpProjector.Plan(visionTensors, VisionTensors.Projector);
        cancellationToken.ThrowIfCancellationRequested();
        if (head is null && !model.IsTied)
        {
            throw new ModelFormatException(source, "config.json says that the output matrix is not the embedding (tie_word_embeddings is "
                + "false), and there is no lm_head.weight: the checkpoint is incomplete");
        }

        if (head is not null && arriving is not null) arriving.RequireTied(head, textTensors[0].Source, model.Vocabulary.ImageId);
        else if (head is not null) TiedHead.Check(head, textTensors[0].Source, model.Vocabulary.ImageId, cancellationToken);

        TensorImportance importance = TensorImportance.Read(options.ImportanceMatrix);
        TextRecipe recipe =
            new(options.Type, model.Text.Layers, model.Text.Heads / model.Text.KeyValueHeads, importance.IsWeighted,
                options.EmbeddingType);
        GgufPlan text = new(textTensors, recipe, importance);
        TextGguf.Describe(text, files.Name, model.Text, model.Vocabulary, model.EndTokens, options.KeepSlidingWindow);
        GgufPlan vision = new([.. visionTensors, .. maskTensors], new VisionRecipe(files.VisionType), importance);
        VisionGguf.Describe(vision, files.Name, model.Vision,
            model.Text.HiddenSize, model.Preprocessing, options.VisionForm);
        MaskTensors.Describe(vision.Metadata, maskTensors);
        foreach (GgufPlan plan in new[] { text, vision })
        {
            importance.Describe(plan.Metadata);
            if (options.Origin is { } origin) plan.SetOrigin(origin);
        }

        return (text, vision);
    }
}
