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

/// <summary>What "worker --json" prints when it begins.</summary>
/// <param name="Worker">What it is called in answers.</param>
/// <param name="Job">The job.</param>
/// <param name="Broker">The broker.</param>
/// <param name="Model">The model.</param>
/// <param name="Health">Where it tells health and metrics; null where it does not.</param>
internal sealed record WorkerJson(string Worker, string Job, string Broker, string Model, string? Health);

/// <summary>What "worker --json" prints at its end.</summary>
/// <param name="Answered">How many pictures it has answered about.</param>
/// <param name="Failed">How many lack an answer.</param>
internal sealed record WorkedJson(long Answered, long Failed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BatchJson))]
[JsonSerializable(typeof(WorkerJson))]
[JsonSerializable(typeof(WorkedJson))]
internal sealed partial class BatchesJson : JsonSerializerContext;
