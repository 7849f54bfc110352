using System.Buffers;
using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Configuration;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tokenizers;

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
        if (!Directory.Exists(source)) throw new ModelFormatException(source, File.Exists(source) ? "this is a file, expected a checkpoint folder" : "no such folder");
        string name = ModelName(source);
        Report(ConversionPhase.Checking, Path.GetFileName(source));

        using OutputFolder folder = OutputFolder.Open(options.OutputFolder);
        using Checkpoint checkpoint = AdaptedCheckpoint.Open(HuggingFaceCheckpoint.Open(source), options.Adapters);
        (GgufPlan text, GgufPlan vision) = Plan(source, name, checkpoint);
        _bytesTotal = text.TensorBytes + vision.TensorBytes;
        folder.RequireSpace(_bytesTotal + MetadataAllowance);

        string textPath = folder.FilePath($"{name}-{options.Type}.gguf");
        string visionPath = folder.FilePath($"mmproj-{name}-{options.Type}.gguf");
        using StagingFolder staging = StagingFolder.Open(folder.Path, $"{name}-{options.Type}");
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

    private (GgufPlan Text, GgufPlan Vision) Plan(string source, string name, Checkpoint checkpoint)
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
        return (
            TextGguf.Plan(name, options.Type, config.Text, vocabulary, textTensors, options.KeepSlidingWindow),
            VisionGguf.Plan(name, options.Type, config.Vision, config.Text.HiddenSize, ImageNormalization.Read(source), visionTensors, maskTensors));
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
        string name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(source));
        bool usable = name.Length is > 0 and <= LongestName && !name.AsSpan().ContainsAny(NotInFileNames) && !name.Any(char.IsControl) && name.Trim() == name;
        if (usable) return name;
        throw new ConversionException($"'{OneLine.Show(name)}' can not be a model's name, since it is part of file names: choose another one");
    }
}
