using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Batches;

/// <summary>What "batch --json" prints at its end.</summary>
/// <param name="Pictures">How many are done, with those of earlier runs.</param>
/// <param name="Answered">How many pictures of this run have all their answers.</param>
/// <param name="Failed">How many of this run lack one.</param>
/// <param name="TowerPasses">How many pictures of this run passed through the vision tower.</param>
/// <param name="Complete">Whether nothing is left to ask.</param>
/// <param name="Results">The file of the results.</param>
/// <param name="Failures">The file of failures; null where there are none.</param>
internal sealed record BatchJson(
    long Pictures, long Answered, long Failed, long TowerPasses, bool Complete, string Results, string? Failures);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BatchJson))]
internal sealed partial class BatchesJson : JsonSerializerContext;
