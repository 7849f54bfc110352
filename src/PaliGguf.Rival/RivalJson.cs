using System.Text.Json.Serialization;
using PaliGguf.Cli.Benchmarks;

namespace PaliGguf.Rival;

/// <summary>The same names as the console's.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(BenchJob))]
[JsonSerializable(typeof(BenchSample))]
internal sealed partial class RivalJson : JsonSerializerContext;
