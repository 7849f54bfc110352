using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>Stands between a program and a broker, so that the broker can be gone for a while.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<TcpClient> _open = [];
    private readonly int _target;
    private TcpListener? _listener;

    public Relay(int target)
    {
        _target = target;
        Restore();
    }

    /// <summary>Where it listens; the same as long as it lives.</summary>
    public int Port { get; private set; }

    /// <summary>Closes all connections, and lets none in.</summary>
    public void Cut()
    {
        _listener!.Stop();
        while (_open.TryTake(out TcpClient? client)) client.Dispose();
    }

    /// <summary>Lets connections in again.</summary>
    public void Restore()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                TcpClient near = await listener.AcceptTcpClientAsync(_stop.Token);
                TcpClient far = new();
                await far.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                _open.Add(near);
                _open.Add(far);
                _ = CopyAsync(near, far);
                _ = CopyAsync(far, near);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream(), _stop.Token);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
        }

        from.Dispose();
        to.Dispose();
    }
}
