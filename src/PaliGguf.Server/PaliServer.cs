using System.Net.Sockets;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;
using PaliGguf.Server.Models;
using PaliGguf.Server.Ollama;
using PaliGguf.Server.OpenAi;
using PaliGguf.Server.Operations;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Security;
using PaliGguf.Server.Tasks;
using PaliGguf.Server.Work;

namespace PaliGguf.Server;

/// <summary>A model behind HTTP. It listens while the model is still being loaded, and answers requests once it is.</summary>
public sealed class PaliServer : IAsyncDisposable
{
    // A picture goes over a slow line in a while; a body that trickles is a connection held for nothing.
    private const double SlowestBody = 4096;
    private const int MostConnections = 1024;
    private const int BodiesAtOnce = 16;

    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private int _stopped;

    private PaliServer(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];

    /// <summary>Starts to listen, and to load the model.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="IOException">It can not listen at an address: something else does already, or it is not for everybody.</exception>
    public static Task<PaliServer> StartAsync(ServerOptions options, CancellationToken cancellationToken = default) => StartAsync(options, null, cancellationToken);

    /// <summary>Starts it with something that tells it when to stop.</summary>
    internal static async Task<PaliServer> StartAsync(ServerOptions options, Func<IHostApplicationLifetime, IHostLifetime>? lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        WebApplication app = Build(options, lifetime);
        try
        {
            await app.StartAsync(cancellationToken);
            return new PaliServer(app);
        }
        catch (Exception failure)
        {
            await app.DisposeAsync();
            if (failure is IOException or SocketException)
            {
                throw new IOException($"{failure.Message.TrimEnd('.')} ({string.Join(", ", options.Urls)}): name another address with "
                    + "--urls, or port 0 for any that is free.", failure);
            }

            throw;
        }
    }

    /// <summary>Waits until the server has stopped.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PaliException">The model did not load.</exception>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken = default)
    {
        await _app.WaitForShutdownAsync(cancellationToken);
        // That has stopped it as well.
        Interlocked.Exchange(ref _stopped, 1);
        if (_app.Services.GetRequiredService<IServedModels>().Failure is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Stops to listen, lets running requests end, cancels them when <see cref="ServerOptions.Drain"/> is over, and stops.</summary>
    public Task StopAsync() => Interlocked.Exchange(ref _stopped, 1) == 0 ? _app.StopAsync() : Task.CompletedTask;

    /// <summary>Stops it, if that has not happened, and releases the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, Func<IHostApplicationLifetime, IHostLifetime>? lifetime)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(PaliServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));
        // The framework logs addresses with their queries, which are part of what is asked.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Failures of requests are logged by their frame, and those of the start are thrown.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => level == LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        options.Logging?.Invoke(builder.Logging);
        builder.AddTelemetry([ServerMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"]);
        AddServices(builder.Services, options);
        builder.Services.Replace(ServiceDescriptor.Singleton(services =>
            lifetime?.Invoke(services.GetRequiredService<IHostApplicationLifetime>()) ?? new OwnersLifetime()));

        WebApplication app = builder.Build();
        IServiceProvider provider = app.Services;
        IServedModels models = provider.GetRequiredService<IServedModels>();
        PictureStore store = provider.GetRequiredService<PictureStore>();
        provider.GetRequiredService<ServerMetrics>().Watch(() => models.Running, () => models.Waiting, () => store.Bytes, () => store.Count);

        app.Use(next => context => provider.GetRequiredService<RequestFrame>().InvokeAsync(context, next));
        app.Use(next => context => provider.GetRequiredService<HostGuard>().InvokeAsync(context, next));
        app.Use(next => context => provider.GetRequiredService<OriginGuard>().InvokeAsync(context, next));
        app.UseRouting();
        app.Use(next => context => provider.GetRequiredService<AccessGuard>().InvokeAsync(context, next));
        Endpoints.Map(app);
        return app;
    }

    private static void Configure(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = options.MaxBody;
        limits.MaxRequestLineSize = 4 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(1);
        limits.MinRequestBodyDataRate = new MinDataRate(SlowestBody, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MaxConcurrentConnections = MostConnections;
        foreach (string url in options.Urls)
        {
            ListenAddress address = ListenAddress.Parse(url);
            if (address.Address is null) kestrel.ListenAnyIP(address.Port, Plain);
            else kestrel.Listen(address.Address, address.Port, Plain);
        }

        static void Plain(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
    }

    private static void AddServices(IServiceCollection services, ServerOptions options)
    {
        services.AddRouting();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0,
                JsonTypeInfoResolver.Combine(HttpJson.Plain, TasksJson.Plain, OpenAiJson.Plain, OllamaJson.Plain, OperationsJson.Plain));
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + AfterDrain);
        services.AddOpenApi(openApi => openApi
            .AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "PaliGguf", Version = ServerVersion.Text };
                return Task.CompletedTask;
            })
            .AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonTypeInfo.Type == typeof(PictureData)) schema.Type = JsonSchemaType.String;
                return Task.CompletedTask;
            }));
        AddModels(services, options);
        services
            .AddSingleton(options)
            .AddSingleton<Drain>()
            .AddSingleton<ServerMetrics>()
            .AddSingleton<RequestFrame>()
            .AddSingleton<HostGuard>()
            .AddSingleton<OriginGuard>()
            .AddSingleton<AccessGuard>()
            .AddSingleton(new BodyBudget(BodiesAtOnce * options.MaxBody))
            .AddSingleton<BodyReader>()
            .AddSingleton(new PictureStore(options.PictureStore, options.PictureExpiry, options.Time))
            .AddSingleton(_ => new RemotePictures(options.RemoteImageHosts, options.MaxBody))
            .AddSingleton<PictureSources>()
            .AddSingleton<PictureDecoder>()
            .AddSingleton<ModelWork>()
            .AddSingleton<VideoFrames>()
            .AddSingleton<TextTasks>()
            .AddSingleton<EachTask>()
            .AddSingleton<InstanceTasks>()
            .AddSingleton<ChooseTask>()
            .AddSingleton<PictureUploads>()
            .AddSingleton<ConversationWork>()
            .AddSingleton<ChatCompletions>()
            .AddSingleton<Responses>()
            .AddSingleton<ModelEntries>()
            .AddSingleton<OllamaChats>()
            .AddSingleton<OllamaModels>()
            .AddSingleton<Health>()
            .AddSingleton<ModelStatus>();
    }

    private static void AddModels(IServiceCollection services, ServerOptions options)
    {
        if (ModelCatalogue.Of(options) is { } catalogue)
        {
            services
                .AddSingleton(catalogue)
                .AddSingleton<MemoryBudget>()
                .AddSingleton<ModelPool>()
                .AddSingleton<IServedModels>(provider => provider.GetRequiredService<ModelPool>())
                .AddHostedService(provider => provider.GetRequiredService<ModelPool>());
        }
        else
        {
            services
                .AddSingleton(new AdmissionQueue(options.Queue))
                .AddSingleton<ServedModel>()
                .AddSingleton<IServedModels>(provider => provider.GetRequiredService<ServedModel>())
                .AddHostedService(provider => provider.GetRequiredService<ServedModel>());
        }
    }

    /// <summary>The server stops when its owner says so.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
