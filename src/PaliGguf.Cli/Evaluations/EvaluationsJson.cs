using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Evaluations;

/// <summary>What comparisons print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonJson))]
[JsonSerializable(typeof(ImportanceJson))]
[JsonSerializable(typeof(ReportJson))]
[JsonSerializable(typeof(ScoresJson))]
internal sealed partial class EvaluationsJson : JsonSerializerContext;
