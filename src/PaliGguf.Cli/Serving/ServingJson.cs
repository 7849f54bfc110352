using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Serving;

/// <summary>What a server prints as JSON when it listens.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ServeJson))]
internal sealed partial class ServingJson : JsonSerializerContext;
