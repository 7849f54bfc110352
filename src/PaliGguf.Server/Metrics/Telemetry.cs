using System.Collections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace PaliGguf.Server.Metrics;

/// <summary>
/// Shows the metrics to whoever reads them as Prometheus does, and sends them to a collector where OTEL_EXPORTER_OTLP_ENDPOINT names
/// one; the other variables of OpenTelemetry apply too.
/// </summary>
internal static class Telemetry
{
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds what shows and sends metrics.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="meters">The meters, of this application's own.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, IReadOnlyList<string> meters)
    {
        // OpenTelemetry reads its variables from the host's configuration, which is empty here.
        builder.Configuration.AddInMemoryCollection(Variables());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("paligguf", serviceVersion: ServerVersion.Text)
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                // The process's own: memory, collections, threads.
                metrics.AddMeter("System.Runtime").AddPrometheusExporter();
                if (!string.IsNullOrEmpty(builder.Configuration[Collector])) metrics.AddOtlpExporter();
            });
        // Not by AddMeter, which goes by names alone: other servers in the process have meters of the same names.
        builder.Services.AddMetrics(metrics =>
        {
            foreach (string meter in meters) metrics.EnableMetrics(meter, instrumentName: null, listenerName: null, MeterScope.Local);
        });
    }

    /// <summary>Answers with the metrics, as text or, for those who accept it, as OpenMetrics.</summary>
    public static RequestDelegate Metrics(this IEndpointRouteBuilder routes) =>
        routes.CreateApplicationBuilder().UseOpenTelemetryPrometheusScrapingEndpoint(_ => true).Build();

    private static IEnumerable<KeyValuePair<string, string?>> Variables() =>
        from DictionaryEntry variable in Environment.GetEnvironmentVariables()
        let name = (string)variable.Key
        where name.StartsWith("OTEL_", StringComparison.Ordinal)
        select new KeyValuePair<string, string?>(name, (string?)variable.Value);
}
