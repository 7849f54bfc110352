using System.Text.Json.Serialization;
using PaliGguf.Cli.Answers;

namespace PaliGguf.Cli;

/// <summary>The objects that --json prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AnswerJson))]
internal sealed partial class CliJson : JsonSerializerContext;
