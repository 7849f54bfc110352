using Microsoft.Extensions.Configuration;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Settings;

/// <summary>What the user of a command has set.</summary>
internal sealed class UserSettings(IConfiguration configuration) : ModelSettings(configuration)
{
    // What the native library holds.
    private const int MaxBeams = 256;

    public string Lang => Text(nameof(Lang)) ?? "en";

    public int MaxTokens => MaxTokensIfSet ?? 256;

    /// <summary>The longest answer, where a task knows a better one than all others have.</summary>
    public int? MaxTokensIfSet => Integer(nameof(MaxTokens), 1, int.MaxValue);

    public int Beams => Integer(nameof(Beams), 1, MaxBeams) ?? 1;

    public bool IgnoreEos => Flag(nameof(IgnoreEos));

    public bool Json => Flag(nameof(Json));

    public SamplingOptions Sampling => new()
    {
        Temperature = Number("Temperature") ?? 0,
        TopK = Integer("TopK") ?? 0,
        TopP = Number("TopP") ?? 1,
        MinP = Number("MinP") ?? 0,
        Seed = Integer("Seed"),
    };

    /// <summary>A prompt, to be answered as is set.</summary>
    /// <param name="prompt">The prompt as the model sees it.</param>
    /// <param name="stop">Texts that end the answer.</param>
    public GenerationRequest Request(string prompt, IReadOnlyList<string> stop) => new()
    {
        Prompt = prompt,
        Sampling = Sampling,
        MaxTokens = MaxTokens,
        Beams = Beams,
        IgnoreEos = IgnoreEos,
        Stop = stop,
    };

    /// <summary>The lowest score that is wanted; null where a drawing chooses.</summary>
    public float? MinScoreIfSet => Fraction("MinScore");

    public DetectionOptions Instances => new()
    {
        MinScore = MinScoreIfSet ?? 0,
        NonMaximumSuppression = Fraction("Nms"),
        Free = Flag("Free"),
        MaxTokens = MaxTokensIfSet ?? new DetectionOptions().MaxTokens,
    };
}
