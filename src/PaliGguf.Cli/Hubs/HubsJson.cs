using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Hubs;

/// <summary>What the commands of a hub print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PullJson))]
[JsonSerializable(typeof(PulledListJson))]
internal sealed partial class HubsJson : JsonSerializerContext;
