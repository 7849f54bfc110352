using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>What the bench prints as JSON, and what it and its measuring processes tell each other.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(BenchJob))]
[JsonSerializable(typeof(BenchJson))]
[JsonSerializable(typeof(BenchSample))]
internal sealed partial class BenchmarksJson : JsonSerializerContext;
