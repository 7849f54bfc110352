using System.Text.Json.Serialization;

namespace PaliGguf.Cli;

/// <summary>The answers that --json prints, as the server writes them too. What only one room prints is in a context of its own.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(ChoicesJson))]
[JsonSerializable(typeof(InstancesJson))]
internal sealed partial class CliJson : JsonSerializerContext;
