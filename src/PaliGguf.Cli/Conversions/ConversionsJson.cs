using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Conversions;

/// <summary>What the commands that write models print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ConversionJson))]
[JsonSerializable(typeof(BertConversionJson))]
[JsonSerializable(typeof(QuantizationJson))]
[JsonSerializable(typeof(SynthesisJson))]
internal sealed partial class ConversionsJson : JsonSerializerContext;
