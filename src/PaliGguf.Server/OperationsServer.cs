using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Metrics;
using PaliGguf.Server.Operations;

namespace PaliGguf.Server;

/// <summary>
/// Health and metrics of a program that serves nothing else: /healthz, /readyz and /metrics, as a server has them. There is no key to them.
/// </summary>
internal sealed class OperationsServer : IAsyncDisposable
{
    private const string Ready = "ready";
    private const int MostConnections = 64;

    private readonly WebApplication _app;

    private OperationsServer(WebApplication app) => _app = app;

    /// <summary>Makes the meters that are shown.</summary>
    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts to listen.</summary>
    /// <param name="url">Where: http://ADDRESS:PORT, * for all addresses, port 0 for any that is free.</param>
    /// <param name="state">What the program does: "ready" where it works, anything else where it does not.</param>
    /// <param name="meters">The names of the meters.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">It is no such address.</exception>
    /// <exception cref="IOException">It can not listen there.</exception>
    public static async Task<OperationsServer> StartAsync(
        string url, Func<string> state, IReadOnlyList<string> meters, CancellationToken cancellationToken)
    {
        ListenAddress address = ListenAddress.Parse(url);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            if (address.Address is null) kestrel.ListenAnyIP(address.Port, Plain);
            else kestrel.Listen(address.Address, address.Port, Plain);
        });
        builder.Services.AddRouting();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.AddTelemetry(meters);
        WebApplication app = builder.Build();
        app.UseRouting();
        app.MapGet("/healthz", () => Answer("ok", StatusCodes.Status200OK));
        app.MapGet("/readyz", () => Answer(state(), state() == Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable));
        Endpoints.MapMetrics(app);
        try
        {
            await app.StartAsync(cancellationToken);
            return new OperationsServer(app);
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            if (failure is not (IOException or SocketException)) throw;
            throw new IOException($"{failure.Message.TrimEnd('.')} ({url}): name another address, or port 0 for any that is free.", failure);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static void Plain(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;

    private static JsonHttpResult<HealthJson> Answer(string state, int status) =>
        TypedResults.Json(new HealthJson(state), OperationsJson.Plain.HealthJson, statusCode: status);
}
