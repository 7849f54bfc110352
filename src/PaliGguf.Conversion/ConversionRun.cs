using System.Buffers;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion;

/// <summary>One conversion from start to end.</summary>
internal sealed class ConversionRun(ConversionOptions options, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
{
    // Metadata (mostly the vocabulary) and padding, with room to spare.
    private const long MetadataAllowance = 64 * 1024 * 1024;
    private const int LongestName = 200;

    // Those of all systems, so that a pair can be moved from one to another.
    private static readonly SearchValues<char> NotInFileNames = SearchValues.Create("/\\:*?\"<>|");
    private long _bytesDone;
    private long _bytesTotal;
    private ConversionPhase _phase;
    private string _file = "";

    public ConversionResult Run()
    {
        string source = Path.GetFullPath(options.Source);
        string name = ModelName(source);
        Report(ConversionPhase.Checking, Path.GetFileName(source));

        using OutputFolder folder = OutputFolder.Open(options.OutputFolder);
        string textPath = folder.FilePath($"{name}-{options.Type}.gguf");
        string visionPath = folder.FilePath($"mmproj-{name}-{options.Type}.gguf");
        using StagingFolder staging = StagingFolder.Open(folder.Path, $"{name}-{options.Type}");
        using ModelSource model = ModelSource.Open(source, options.Tokenizer, staging.Path);
        (GgufPlan text, GgufPlan vision) = Plan(source, name, model, staging.Path);
        _bytesTotal = text.TensorBytes + vision.TensorBytes;
        folder.RequireSpace(_bytesTotal + model.Weights.ScratchBytes + MetadataAllowance);

        string stagedText = Write(ConversionPhase.WritingText, text, staging, textPath);
        string stagedVision = Write(ConversionPhase.WritingVision, vision, staging, visionPath);
        cancellationToken.ThrowIfCancellationRequested();

        // The vision file first: a text model that is there always has its other half beside it.
        staging.Commit(stagedVision, visionPath);
        staging.Commit(stagedText, textPath);
        folder.Keep();
        Report(ConversionPhase.Done, Path.GetFileName(textPath));
        return new ConversionResult(name, textPath, new FileInfo(textPath).Length, visionPath, new FileInfo(visionPath).Length);
    }

    private (GgufPlan Text, GgufPlan Vision) Plan(string source, string name, ModelSource model, string scratchFolder)
    {
        TensorSet set = new(model.Weights);
        IReadOnlyList<PlannedTensor> textTensors = TextTensors.Plan(set, model.Text);
        IReadOnlyList<PlannedTensor> visionTensors = VisionTensors.Plan(set, model.Vision, model.Text.HiddenSize);
        SourceTensor? head = set.TakeHead();
        set.Complete();
        string? maskDecoder = options.MaskDecoder ?? MaskTensors.Find(ModelSource.FolderOf(source));
        IReadOnlyList<PlannedTensor>? maskTensors = maskDecoder is null ? null : MaskTensors.Plan(Path.GetFullPath(maskDecoder), scratchFolder);
        cancellationToken.ThrowIfCancellationRequested();

        if (head is not null) TiedHead.Check(head, textTensors[0].Source, model.Vocabulary.ImageId, cancellationToken);
        return (
            TextGguf.Plan(name, options.Type, model.Text, model.Vocabulary, textTensors, options.KeepSlidingWindow),
            VisionGguf.Plan(name, options.Type, model.Vision, model.Text.HiddenSize, model.Normalization, visionTensors, maskTensors));
    }

    private string Write(ConversionPhase phase, GgufPlan plan, StagingFolder staging, string finalPath)
    {
        string file = Path.GetFileName(finalPath);
        string staged = Path.Combine(staging.Path, file);
        Report(phase, file);
        plan.Write(staged, CountBytes, cancellationToken);
        return staged;
    }

    private void CountBytes(long bytes)
    {
        _bytesDone += bytes;
        Report(_phase, _file);
    }

    private void Report(ConversionPhase phase, string file)
    {
        _phase = phase;
        _file = file;
        progress?.Report(new ConversionProgress(phase, file, _bytesDone, _bytesTotal));
    }

    private string ModelName(string source)
    {
        string name = options.Name ?? ModelSource.NameOf(source);
        bool usable = name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAny(NotInFileNames) && !name.Any(char.IsControl) && name.Trim() == name;
        if (usable) return name;
        throw new ConversionException($"'{OneLine.Show(name)}' can not be a model's name, since it is part of file names: choose another one");
    }
}
