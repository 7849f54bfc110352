using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Evaluations;

/// <summary>What comparisons, scores and tokens print as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonJson))]
[JsonSerializable(typeof(ImportanceJson))]
[JsonSerializable(typeof(ReportJson))]
[JsonSerializable(typeof(ScoresJson))]
[JsonSerializable(typeof(TokensJson))]
[JsonSerializable(typeof(TrainingRowJson))]
internal sealed partial class EvaluationsJson : JsonSerializerContext;
