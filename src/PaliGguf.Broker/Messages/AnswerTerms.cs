using PaliGguf.Batch.Runs;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Broker.Messages;

/// <summary>How answers are made, as messages say it.</summary>
internal sealed record AnswerTerms
{
    private const int MostTokens = 1 << 20, MostBeams = 256, MostStops = 64, LongestStop = 4096;

    public required int MaxTokens { get; init; }

    public required int Beams { get; init; }

    public required bool IgnoreEos { get; init; }

    public required IReadOnlyList<string> Stop { get; init; }

    public required float Temperature { get; init; }

    public required int TopK { get; init; }

    public required float TopP { get; init; }

    public required float MinP { get; init; }

    public int? Seed { get; init; }

    public required int InstanceTokens { get; init; }

    public required float MinScore { get; init; }

    public float? Nms { get; init; }

    public required bool Free { get; init; }

    public required bool OneLabelAtATime { get; init; }

    public required bool Probabilities { get; init; }

    public static AnswerTerms Of(AnswerOptions options)
    {
        (GenerationRequest request, DetectionOptions instances) = (options.Request, options.Instances);
        return new AnswerTerms
        {
            MaxTokens = request.MaxTokens,
            Beams = request.Beams,
            IgnoreEos = request.IgnoreEos,
            Stop = request.Stop,
            Temperature = request.Sampling.Temperature,
            TopK = request.Sampling.TopK,
            TopP = request.Sampling.TopP,
            MinP = request.Sampling.MinP,
            Seed = request.Sampling.Seed,
            InstanceTokens = instances.MaxTokens,
            MinScore = instances.MinScore,
            Nms = instances.NonMaximumSuppression,
            Free = instances.Free,
            OneLabelAtATime = instances.OneLabelAtATime,
            Probabilities = options.Probabilities,
        };
    }

    /// <summary>The same for a model.</summary>
    /// <param name="sequences">How many answers it decodes side by side.</param>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public AnswerOptions ToOptions(int sequences)
    {
        if (MaxTokens > MostTokens || InstanceTokens > MostTokens || Beams > MostBeams || Stop.Count > MostStops
            || Stop.Any(text => text is null or { Length: > LongestStop }))
        {
            throw new ArgumentException("How it is to be answered is out of range.");
        }

        AnswerOptions options = new([])
        {
            Request = new GenerationRequest
            {
                Prompt = "",
                MaxTokens = MaxTokens,
                Beams = Beams,
                IgnoreEos = IgnoreEos,
                Stop = Stop,
                Sampling = new SamplingOptions { Temperature = Temperature, TopK = TopK, TopP = TopP, MinP = MinP, Seed = Seed },
            },
            Instances = new DetectionOptions
            {
                MaxTokens = InstanceTokens,
                MinScore = MinScore,
                NonMaximumSuppression = Nms,
                Free = Free,
                OneLabelAtATime = OneLabelAtATime,
            },
            Sequences = sequences,
            Probabilities = Probabilities,
        };
        options.Request.Validate();
        options.Instances.Validate();
        return options;
    }
}
