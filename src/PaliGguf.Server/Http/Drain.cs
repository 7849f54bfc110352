using Microsoft.Extensions.Hosting;

namespace PaliGguf.Server.Http;

/// <summary>The time between being asked to stop and stopping: running requests go on for a while, then they are cancelled.</summary>
internal sealed class Drain : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenRegistration _stopping;

    public Drain(IHostApplicationLifetime application, ServerOptions options)
    {
        Stopping = application.ApplicationStopping;
        _stopping = Stopping.Register(() => _ended.CancelAfter(options.Drain));
    }

    /// <summary>Cancelled when no more requests are to be taken.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Cancelled when those that run are to end.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _ended.Dispose();
    }
}
