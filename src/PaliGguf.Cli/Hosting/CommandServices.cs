using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Hosting;

/// <summary>
/// What commands are made with. By hand: a container looks at types to find out what is written here, and takes more of the start than the
/// model does.
/// </summary>
internal sealed class CommandServices : IServiceProvider, IDisposable
{
    private readonly BrokerSettings _broker;
    private readonly Terminal _terminal = new();
    private readonly InterruptGrace _grace = new();
    private readonly LoggerFactory _loggers;
    private readonly ModelLoader _loader;
    private readonly Lazy<ServiceProvider> _metrics = new(() => new ServiceCollection().AddMetrics().BuildServiceProvider());

    /// <exception cref="PaliException">A setting is none.</exception>
    public CommandServices(IConfiguration configuration)
    {
        Settings = new UserSettings(configuration);
        _broker = new BrokerSettings(configuration);
        _loggers = new LoggerFactory([new StandardErrorLoggerProvider()], LogRules.Of(Settings, configuration));
        _loader = new ModelLoader(Settings, _terminal, _loggers);
        Interrupt = new Interrupt(_grace);
    }

    /// <summary>What is set.</summary>
    public UserSettings Settings { get; }

    /// <summary>The user's wish to end.</summary>
    public Interrupt Interrupt { get; }

    public object? GetService(Type serviceType) =>
        serviceType == typeof(UserSettings) ? Settings
        : serviceType == typeof(BrokerSettings) ? _broker
        : serviceType == typeof(Terminal) ? _terminal
        : serviceType == typeof(ModelLoader) ? _loader
        : serviceType == typeof(InterruptGrace) ? _grace
        : serviceType == typeof(ILoggerFactory) ? _loggers
        : serviceType == typeof(IMeterFactory) ? _metrics.Value.GetRequiredService<IMeterFactory>()
        : null;

    public void Dispose()
    {
        if (_metrics.IsValueCreated) _metrics.Value.Dispose();
        _terminal.Dispose();
        _loggers.Dispose();
    }
}
