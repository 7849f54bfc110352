using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Diagnosis;

/// <summary>What the doctor prints as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(DoctorJson))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
