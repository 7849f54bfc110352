using System.Text.Json.Serialization;
using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Batch.Journals;

/// <summary>The first line of a journal.</summary>
/// <param name="Facts">What answers it tells of: whatever changes them.</param>
internal sealed record JournalFacts(JournalHeader Facts)
{
    public const int Version = 1;

    /// <summary>The version of the form. A journal is known by this beginning.</summary>
    [JsonPropertyOrder(-1)]
    public int Batch { get; init; } = Version;
}

/// <summary>The first line of a journal.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(JournalFacts))]
internal sealed partial class JournalFactsJson : JsonSerializerContext;
