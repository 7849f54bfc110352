using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace PaliGguf.Server.Operations;

/// <summary>Ctrl-C and SIGTERM: the first stops the server in an orderly way, the second lets go of what still runs.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations) registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The second one does what it would do to any other program.
        if (application.ApplicationStopping.IsCancellationRequested) return;
        context.Cancel = true;
        application.StopApplication();
    }
}
