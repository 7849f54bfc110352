using System.Text.Json.Serialization;
using PaliGguf.Hosting.Json;

namespace PaliGguf.Batch.Results;

/// <summary>A text as an answer: what the commands print, without what depends on the moment.</summary>
internal sealed record TextAnswer(
    string Text, IReadOnlyList<int> Tokens, IReadOnlyList<float>? Logprobs, int PrefixTokens, string FinishReason)
{
    public static TextAnswer Of(AnswerJson answer, bool probabilities) =>
        new(answer.Text, answer.Tokens, probabilities ? answer.Logprobs : null, answer.PrefixTokens, answer.FinishReason);
}

/// <summary>What was found as an answer, likewise.</summary>
internal sealed record FoundAnswer(IReadOnlyList<InstanceJson> Detections, IReadOnlyList<RejectedJson> Rejected, string Text)
{
    public static FoundAnswer Of(InstancesJson found) => new(found.Detections, found.Rejected, found.Text);
}

/// <summary>Reads what was found; a mask need not be there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(FoundAnswer))]
internal sealed partial class FoundAnswerJson : JsonSerializerContext;
