using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace PaliGguf.Server.Metrics;

/// <summary>Sends the metrics to a collector, where OTEL_EXPORTER_OTLP_ENDPOINT names one; the other variables of OpenTelemetry apply too.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly MeterProvider? _metrics;

    private Telemetry(MeterProvider? metrics) => _metrics = metrics;

    /// <summary>The meters of a server that are shown.</summary>
    public static string[] Meters { get; } = [ServerMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    /// <summary>Starts to send, if that is configured.</summary>
    public static Telemetry Start() => new(
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null
        : Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("paligguf", serviceVersion: ServerVersion.Text).AddEnvironmentVariableDetector())
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());

    public void Dispose() => _metrics?.Dispose();
}
