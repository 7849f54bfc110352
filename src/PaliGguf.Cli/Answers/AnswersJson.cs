using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Answers;

/// <summary>What a picture of many is answered as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EachJson))]
internal sealed partial class AnswersJson : JsonSerializerContext;
