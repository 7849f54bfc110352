using PaliGguf.Language;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf;

public sealed partial class PaliModel
{
    /// <summary>Finds all instances of some things in a picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="labels">What to look for, at least one; none of them may contain a semicolon.</param>
    /// <param name="options">How to ask, and what is wanted of the answer; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the request with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The instances, those with the highest score first; none if nothing is there, which is no error.</returns>
    /// <exception cref="ArgumentException">A label or an option is out of range.</exception>
    /// <exception cref="InferenceException">The prompt does not fit the context, or the vocabulary has no location tokens.</exception>
    public async Task<DetectionResult> DetectAsync(
        RgbImage image, IReadOnlyList<string> labels, DetectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new DetectionOptions();
        InstanceReading[] answers = await AskAsync(image, labels, masks: false, options, cancellationToken).ConfigureAwait(false);
        return new DetectionResult
        {
            Detections = [.. Select(answers, options).Select(found => found.ToDetection(image))],
            Rejected = [.. answers.SelectMany(answer => answer.Answer.Rejected)],
            Text = JoinTexts(answers),
            Timings = AddTimings(answers),
        };
    }

    /// <summary>Finds all instances of some things in a picture, with their outlines.</summary>
    /// <inheritdoc cref="DetectAsync" path="/param|/returns"/>
    /// <exception cref="ArgumentException">A label or an option is out of range.</exception>
    /// <exception cref="InferenceException">
    /// The model's vision file has no mask decoder, the prompt does not fit the context, or the vocabulary has no segmentation tokens.
    /// </exception>
    public async Task<SegmentationResult> SegmentAsync(
        RgbImage image, IReadOnlyList<string> labels, DetectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!Info.HasMaskDecoder)
        {
            throw new InferenceException(
                $"{Info.VisionPath} has no mask decoder, so its codewords can not be turned into masks: convert the checkpoint again with --mask-decoder vae-oid.npz.");
        }

        options ??= new DetectionOptions();
        InstanceReading[] answers = await AskAsync(image, labels, masks: true, options, cancellationToken).ConfigureAwait(false);
        MaskDecoder decoder = _maskDecoder.Value ?? throw new ModelFormatException(Info.VisionPath, "the mask decoder that it had is there no more.");
        return new SegmentationResult
        {
            Segments = [.. Select(answers, options).Select(found => found.ToSegment(image, decoder))],
            Rejected = [.. answers.SelectMany(answer => answer.Answer.Rejected)],
            Text = JoinTexts(answers),
            Timings = AddTimings(answers),
        };
    }

    /// <summary>How sure the model is of each instance of an answer that observed the location tokens, in their order.</summary>
    internal IEnumerable<float> InstanceScores(GenerationResult result, bool masks) =>
        new InstanceReading(result, _text.Pieces.Value, masks, labels: null).Instances().Select(instance => instance.Score);

    /// <summary>The answers to <c>detect</c> or <c>segment</c> for some labels: one for all of them, or one each.</summary>
    private async Task<InstanceReading[]> AskAsync(
        RgbImage image, IReadOnlyList<string> labels, bool masks, DetectionOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(labels);
        options.Validate();
        string[] own = [.. labels];
        // Also what a free answer may not contain is no label: it could not be told apart.
        _ = masks ? InstanceGrammar.Segment(own) : InstanceGrammar.Detect(own);
        string[][] prompts = options.OneLabelAtATime ? [.. own.Select(label => new[] { label })] : [own];
        InstanceReading[] answers = new InstanceReading[prompts.Length];

        // The first one has the soft tokens made, which the others then find.
        answers[0] = await AskOneAsync(image, prompts[0], masks, options, cancellationToken).ConfigureAwait(false);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _sequences, CancellationToken = cancellationToken };
        await Parallel.ForAsync(1, prompts.Length, parallel, async (index, stop) =>
            answers[index] = await AskOneAsync(image, prompts[index], masks, options, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return answers;
    }

    private async Task<InstanceReading> AskOneAsync(
        RgbImage image, string[] labels, bool masks, DetectionOptions options, CancellationToken cancellationToken)
    {
        InstanceGrammar grammar = masks ? InstanceGrammar.Segment(labels) : InstanceGrammar.Detect(labels);
        GenerationResult result = await GenerateAsync(
            new GenerationRequest
            {
                Images = [image],
                Prompt = masks ? Prompts.Segment(labels) : Prompts.Detect(labels),
                MaxTokens = options.MaxTokens,
                Constraint = options.Free ? null : grammar.Start,
                Observed = InstanceTokens.Locations,
                Adapters = options.Adapters,
            },
            cancellationToken).Result.ConfigureAwait(false);
        if (result.FinishReason == FinishReason.Cancelled) throw new OperationCanceledException(cancellationToken);
        return new InstanceReading(result, _text.Pieces.Value, masks, labels);
    }

    private static IEnumerable<FoundInstance> Select(InstanceReading[] answers, DetectionOptions options) =>
        InstanceSelection.Apply(answers.SelectMany(answer => answer.Instances()), options);

    private static string JoinTexts(InstanceReading[] answers) => string.Join('\n', answers.Select(answer => answer.Answer.Text));

    private static GenerationTimings AddTimings(InstanceReading[] answers) => answers.Select(answer => answer.Timings).Aggregate((sum, next) =>
        new GenerationTimings(sum.Vision + next.Vision, sum.Prefix + next.Prefix, sum.Decode + next.Decode, sum.DecodeSteps + next.DecodeSteps)
        {
            PicturesCached = sum.PicturesCached + next.PicturesCached,
            Native = sum.Native + next.Native,
        });
}
