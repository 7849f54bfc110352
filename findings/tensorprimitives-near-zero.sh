#!/usr/bin/env bash
# System.Numerics.Tensors 10.0.15 (NuGet) on .NET 10: TensorPrimitives.Tanh loses all relative precision near zero once a span is long
# enough for vectors, while the same value in a span of one element is right to the last bit; the tanh of 0 is not 0. ExpM1 and LogP1,
# which exist to keep small arguments precise, do not: not in a vector and not as float.ExpM1 and float.LogP1.
#
# Guess before:  at most 2 units in the last place everywhere, the same for spans of any length (Exp is: 1.8), tanh(0) = 0.
# Seen:          Tanh(0) = -5.96e-08, Tanh(-0) = +5.96e-08, Tanh(1e-8) = -0, relative error 4.6 % at 1e-6 and 0.033 % at 1e-4; a span
#                of one: exact. ExpM1(1e-6): 7.3 % off in a vector, 4.6 % alone; LogP1(1e-6): 4.6 % both ways.
# Why it matters: a gated GELU by its tanh form (Gemma, SigLIP) has most of its inputs near zero; results also change with the length
#                of the span that a value stands in, so work split over threads is not the work done at once.
# Needs:         the .NET 10 SDK on a processor with vectors of 128 bits or more.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat > tanh.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="System.Numerics.Tensors" Version="10.0.15" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Numerics.Tensors;

float zero = Row(TensorPrimitives.Tanh, 0f, 16);
(double Among, double Alone) tanh = Error("Tanh", TensorPrimitives.Tanh, 1e-6f, Math.Tanh(1e-6f));
(double Among, double Alone) expM1 = Error("ExpM1", TensorPrimitives.ExpM1, 1e-6f, 1e-6f + (0.5 * 1e-6f * 1e-6f));
(double Among, double Alone) logP1 = Error("LogP1", TensorPrimitives.LogP1, 1e-6f, 1e-6f - (0.5 * 1e-6f * 1e-6f));
Console.WriteLine($"Tanh(0) among 16: {zero:R}; alone: {Row(TensorPrimitives.Tanh, 0f, 1):R}");
return zero != 0 && Row(TensorPrimitives.Tanh, 0f, 1) == 0 && tanh.Among > 0.01 && tanh.Alone < 1e-7
    && expM1.Among > 0.01 && expM1.Alone > 0.01 && logP1.Among > 0.01 && logP1.Alone > 0.01 ? 0 : 1;

static float Row(Function function, float value, int length)
{
    float[] input = Enumerable.Repeat(value, length).ToArray(), output = new float[length];
    function(input, output);
    return output[0];
}

static (double Among, double Alone) Error(string name, Function function, float value, double want)
{
    double among = Math.Abs(Row(function, value, 16) - want) / want, alone = Math.Abs(Row(function, value, 1) - want) / want;
    Console.WriteLine($"{name}({value:R}): relative error {among:P2} among 16 values, {alone:P6} alone");
    return (among, alone);
}

internal delegate void Function(ReadOnlySpan<float> input, Span<float> output);
CS
dotnet build -v quiet --nologo -c Release | grep -E "error" && exit 2
dotnet bin/Release/net10.0/tanh.dll || { echo "CHANGED: the errors are no longer what this finding says."; exit 1; }
