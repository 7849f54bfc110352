using System.Text.Json.Serialization;
using PaliGguf.Cli.Adapters;
using PaliGguf.Cli.Answers;
using PaliGguf.Cli.Benchmarks;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Diagnosis;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Inspection;
using PaliGguf.Cli.Plans;
using PaliGguf.Cli.Serving;

namespace PaliGguf.Cli;

/// <summary>The objects that --json prints, and the types that a GGUF file's values may have.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(AdapterJson))]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(BenchJob))]
[JsonSerializable(typeof(BenchJson))]
[JsonSerializable(typeof(BenchSample))]
[JsonSerializable(typeof(ChoicesJson))]
[JsonSerializable(typeof(ComparisonJson))]
[JsonSerializable(typeof(ConversionJson))]
[JsonSerializable(typeof(DoctorJson))]
[JsonSerializable(typeof(EachJson))]
[JsonSerializable(typeof(FileJson))]
[JsonSerializable(typeof(ImportanceJson))]
[JsonSerializable(typeof(InstancesJson))]
[JsonSerializable(typeof(PlanJson))]
[JsonSerializable(typeof(QuantizationJson))]
[JsonSerializable(typeof(ServeJson))]
[JsonSerializable(typeof(SynthesisJson))]
[JsonSerializable(typeof(byte))]
[JsonSerializable(typeof(sbyte))]
[JsonSerializable(typeof(ushort))]
[JsonSerializable(typeof(short))]
[JsonSerializable(typeof(uint))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(ulong))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(float))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(object[]))]
internal sealed partial class CliJson : JsonSerializerContext;
