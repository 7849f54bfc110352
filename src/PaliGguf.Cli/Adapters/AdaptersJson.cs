using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Adapters;

/// <summary>What the adapter commands print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AdapterJson))]
internal sealed partial class AdaptersJson : JsonSerializerContext;
