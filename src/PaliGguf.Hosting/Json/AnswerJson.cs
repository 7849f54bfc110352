using PaliGguf.Language;

namespace PaliGguf.Hosting.Json;

/// <summary>An answer.</summary>
internal sealed record AnswerJson(
    string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float> Logprobs, int PrefixTokens, string FinishReason, AnswerTimingsJson Timings)
{
    /// <summary>What is printed when the user interrupts before anything was generated.</summary>
    public static AnswerJson Interrupted { get; } = new("", [], [], 0, "cancelled", new AnswerTimingsJson(0, 0, 0, 0, 0, 0));

    public static AnswerJson From(GenerationResult result) => new(
        result.Text,
        result.Tokens,
        result.LogProbabilities,
        result.PrefixTokens,
        result.FinishReason switch { Language.FinishReason.Stop => "stop", Language.FinishReason.Length => "length", _ => "cancelled" },
        AnswerTimingsJson.From(result.Timings));
}

/// <summary>Where the time went.</summary>
internal sealed record AnswerTimingsJson(double VisionMs, double PrefixMs, double DecodeMs, double DecodeTokensPerSecond, int PicturesCached, double NativeMs)
{
    public static AnswerTimingsJson From(GenerationTimings timings) => new(
        Round(timings.Vision.TotalMilliseconds), Round(timings.Prefix.TotalMilliseconds), Round(timings.Decode.TotalMilliseconds), Round(timings.DecodeTokensPerSecond),
        timings.PicturesCached, Round(timings.Native.TotalMilliseconds));

    private static double Round(double value) => Math.Round(value, 3);
}
