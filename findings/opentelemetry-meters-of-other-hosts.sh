#!/usr/bin/env bash
# OpenTelemetry.Extensions.Hosting 1.20.1 (NuGet): AddMeter(name) collects the meters of that name of every host in the process, although
# each host makes its own through its own IMeterFactory.
#
# Guess before:  what one host's WithMetrics(m => m.AddMeter(name)) exports are the meters of that host's factory.
# Seen:          of two hosts in a process each exports the measurements of both. EnableMetrics(name, null, null, MeterScope.Local) of
#                Microsoft.Extensions.Diagnostics in place of AddMeter separates them, with the same exporters.
# Why it matters: a process that serves two models by two hosts, and every test suite that starts servers side by side, sees sums.
# Needs:         the .NET 10 SDK.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
cat > meters.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="OpenTelemetry.Extensions.Hosting" Version="1.20.1" />
    <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.14" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;

long shared = await Sum(local: false), separate = await Sum(local: true);
Console.WriteLine($"Two hosts count 1 each. The first exports {shared} with AddMeter, {separate} with MeterScope.Local.");
return shared == 2 && separate == 1 ? 0 : 1;

static async Task<long> Sum(bool local)
{
    LastSum exported = new();
    using IHost first = Build(exported, local), second = Build(new LastSum(), local);
    await first.StartAsync();
    await second.StartAsync();
    foreach (IHost host in new[] { first, second }) host.Services.GetRequiredService<IMeterFactory>().Create("work").CreateCounter<long>("answers").Add(1);
    first.Services.GetRequiredService<MeterProvider>().ForceFlush();
    return exported.Value;
}

static IHost Build(LastSum exported, bool local)
{
    HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
    if (local) builder.Services.AddMetrics(metrics => metrics.EnableMetrics("work", null, null, MeterScope.Local));
    builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
    {
        if (!local) metrics.AddMeter("work");
        metrics.AddReader(new BaseExportingMetricReader(exported));
    });
    return builder.Build();
}

internal sealed class LastSum : BaseExporter<Metric>
{
    public long Value { get; private set; }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        Value = 0;
        foreach (Metric metric in batch)
        {
            foreach (ref readonly MetricPoint point in metric.GetMetricPoints()) Value += point.GetSumLong();
        }

        return ExportResult.Success;
    }
}
CS
dotnet build -v quiet --nologo -c Release | grep -E "error" && exit 2
dotnet bin/Release/net10.0/meters.dll || { echo "CHANGED: this is no longer what the finding says."; exit 1; }
