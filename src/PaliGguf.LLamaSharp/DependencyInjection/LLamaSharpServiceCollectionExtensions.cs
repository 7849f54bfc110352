using LLama;
using PaliGguf.AI;
using PaliGguf.LLamaSharp;
using PaliGguf.LLamaSharp.Binding;

// Where whoever sets services up finds it.
#pragma warning disable IDE0130
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Has the models of a service collection (<see cref="PaliGgufServiceCollectionExtensions"/>) run by LLamaSharp.</summary>
public static class LLamaSharpServiceCollectionExtensions
{
    /// <summary>Has the model without a name run by LLamaSharp.</summary>
    /// <param name="services">The services.</param>
    /// <param name="weights">
    /// Gives weights that LLamaSharp has loaded from the model's text GGUF, and that outlive the services' model; null to load them. Called
    /// once, when the model is loaded.
    /// </param>
    /// <returns>The services.</returns>
    public static IServiceCollection UseLLamaSharp(
        this IServiceCollection services, Func<IServiceProvider, LLamaWeights>? weights = null) => services.Use(null, weights);

    /// <summary>Has one of several models run by LLamaSharp.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The model's key.</param>
    /// <param name="weights">As for a model without a name.</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public static IServiceCollection UseLLamaSharp(
        this IServiceCollection services, string name, Func<IServiceProvider, LLamaWeights>? weights = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return services.Use(name, weights);
    }

    private static IServiceCollection Use(this IServiceCollection services, string? key, Func<IServiceProvider, LLamaWeights>? weights)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddKeyedSingleton<PaliModelLoader>(key, (provider, _) =>
        {
            // Before anything else asks the native libraries, of the machine's memory for example: who comes first chooses them.
            SharedNatives.Load();
            return (model, options, progress, cancellationToken) => weights is null
                ? LLamaSharpModel.LoadAsync(model, options, progress, cancellationToken)
                : LLamaSharpModel.LoadAsync(weights(provider), model, options, progress, cancellationToken);
        });
    }
}
