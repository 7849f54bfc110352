using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PaliGguf;
using PaliGguf.AI;
using PaliGguf.AI.DependencyInjection;

// Where whoever sets services up finds it.
#pragma warning disable IDE0130
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>
/// Adds PaliGemma models to a service collection. Each is a singleton <see cref="PaliModelProvider"/>, which loads it with the first request (or when the host starts,
/// <see cref="PaliGgufOptions.LoadOnStart"/>), and an <see cref="IChatClient"/> over it. The settings are checked when the host starts; the model is released with the services.
/// </summary>
public static class PaliGgufServiceCollectionExtensions
{
    /// <summary>Adds a model.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets <see cref="PaliGgufOptions.Model"/>, and what else is wanted.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddPaliGguf(this IServiceCollection services, Action<PaliGgufOptions> configure) => services.Add(null, options => options.Configure(configure));

    /// <summary>Adds a model whose settings are in a configuration.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, whose keys are the properties of <see cref="PaliGgufOptions"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddPaliGguf(this IServiceCollection services, IConfigurationSection section) => services.Add(null, options => options.Bind(section));

    /// <summary>Adds one of several models: its provider and its chat client are keyed services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key, which is also the name of the options.</param>
    /// <param name="configure">Sets <see cref="PaliGgufOptions.Model"/>, and what else is wanted.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddPaliGguf(this IServiceCollection services, string name, Action<PaliGgufOptions> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.Add(name, options => options.Configure(configure));
    }

    /// <summary>Adds one of several models, with its settings in a configuration: its provider and its chat client are keyed services.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key, which is also the name of the options.</param>
    /// <param name="section">The section, whose keys are the properties of <see cref="PaliGgufOptions"/>.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection AddPaliGguf(this IServiceCollection services, string name, IConfigurationSection section)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.Add(name, options => options.Bind(section));
    }

    private static IServiceCollection Add(this IServiceCollection services, string? key, Action<OptionsBuilder<PaliGgufOptions>> set)
    {
        ArgumentNullException.ThrowIfNull(services);
        string name = key ?? Options.Options.DefaultName;
        OptionsBuilder<PaliGgufOptions> options = services.AddOptions<PaliGgufOptions>(name);
        set(options);
        // A second call changes the settings of the model that the first one added.
        if (services.Any(service => service.ServiceType == typeof(PaliModelProvider) && Equals(service.ServiceKey, key))) return services;

        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<PaliGgufOptions>>(new OptionsValidation(name));
        services.AddKeyedSingleton(key, (provider, _) =>
        {
            PaliModelLoader load = provider.GetKeyedService<PaliModelLoader>(key) ?? PaliModel.LoadAsync;
            ILoggerFactory loggers = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
            return new PaliModelProvider(new ModelLoad(provider.Settings(), name, loggers, load).RunAsync);
        });
        services.AddKeyedSingleton<IChatClient>(key, (provider, _) =>
        {
            PaliGgufOptions settings = provider.Settings().Get(name);
            return new PaliChatClient(provider.Model(key), settings.ModelId, settings.ToImageLimits(), settings.AllowTextOnly);
        });
        services.AddSingleton<IHostedService>(provider => new WarmUp(provider.Settings(), name, provider.Model(key)));
        return services;
    }

    private static IOptionsMonitor<PaliGgufOptions> Settings(this IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<PaliGgufOptions>>();

    private static PaliModelProvider Model(this IServiceProvider provider, string? key) =>
        key is null ? provider.GetRequiredService<PaliModelProvider>() : provider.GetRequiredKeyedService<PaliModelProvider>(key);
}
