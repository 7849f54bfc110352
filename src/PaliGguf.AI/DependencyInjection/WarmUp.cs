using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace PaliGguf.AI.DependencyInjection;

/// <summary>Loads a model while the host starts, if its settings ask for that.</summary>
internal sealed class WarmUp(IOptionsMonitor<PaliGgufOptions> options, string name, PaliModelProvider provider) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Get(name).LoadOnStart) await provider.GetAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
