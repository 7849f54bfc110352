using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Plans;

/// <summary>What plans print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(PlanJson))]
internal sealed partial class PlansJson : JsonSerializerContext;
