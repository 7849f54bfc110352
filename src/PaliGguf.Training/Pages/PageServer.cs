using System.Net;
using System.Net.Sockets;
using System.Text;
using PaliGguf.Evaluation.Reports.Pages;

namespace PaliGguf.Training.Pages;

/// <summary>
/// Shows a page to browsers on this computer, and to nobody else: it listens at 127.0.0.1 alone, and answers requests for that name alone,
/// so that no other site's page can reach it by a name of its own that leads here. Browsers are told to ask again every few seconds.
/// </summary>
internal sealed class PageServer : IDisposable
{
    private const int MostConnections = 16, Again = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly TcpListener _listener;
    private readonly Func<string> _page;
    private readonly int _port;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _work;

    private PageServer(TcpListener listener, Func<string> page)
    {
        (_listener, _page) = (listener, page);
        _port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _work = Task.Run(ListenAsync);
    }

    /// <summary>The page's address.</summary>
    public string Address => $"http://127.0.0.1:{_port}/";

    /// <summary>Begins to listen.</summary>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="page">Makes the page, on any thread.</param>
    /// <exception cref="PaliException">Another program listens there.</exception>
    public static PageServer Start(int port, Func<string> page)
    {
        TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start(MostConnections);
            return new PageServer(listener, page);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new PaliException($"--watch {port}: it can not listen there: {e.Message}; without a number it takes a free port.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _work.GetAwaiter().GetResult();
        _end.Dispose();
    }

    private async Task ListenAsync()
    {
        using SemaphoreSlim places = new(MostConnections);
        try
        {
            while (true)
            {
                await places.WaitAsync(_end.Token).ConfigureAwait(false);
                Socket socket = await _listener.AcceptSocketAsync(_end.Token).ConfigureAwait(false);
                _ = ServeAsync(socket, places);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The run has ended; who still reads is left to the process's end.
        }
    }

    private async Task ServeAsync(Socket socket, SemaphoreSlim places)
    {
        try
        {
            using NetworkStream stream = new(socket, ownsSocket: true);
            using CancellationTokenSource time = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            time.CancelAfter(Longest);
            PageRequest? request = await PageRequest.ReadAsync(stream, time.Token).ConfigureAwait(false);
            await stream.WriteAsync(Answer(request), time.Token).ConfigureAwait(false);

            // What is closed with something unread takes the answer with it.
            socket.Shutdown(SocketShutdown.Send);
            byte[] rest = new byte[1 << 12];
            while (await stream.ReadAsync(rest, time.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // Whoever asked is gone.
        }
        finally
        {
            try
            {
                places.Release();
            }
            catch (ObjectDisposedException)
            {
                // So is the server.
            }
        }
    }

    private byte[] Answer(PageRequest? request)
    {
        string status = request switch
        {
            null => "400 Bad Request",
            _ when request.Host != $"127.0.0.1:{_port}" && request.Host != $"localhost:{_port}" => "421 Misdirected Request",
            { Method: not ("GET" or "HEAD") } => "405 Method Not Allowed",
            { Target: not "/" } => "404 Not Found",
            _ => "200 OK",
        };
        bool isPage = status.StartsWith("200", StringComparison.Ordinal);
        byte[] body = Encoding.UTF8.GetBytes(isPage ? _page() : status + "\n");
        string head = $"HTTP/1.1 {status}\r\nContent-Type: {(isPage ? "text/html" : "text/plain")}; charset=utf-8\r\n"
            + $"Content-Length: {body.Length}\r\nConnection: close\r\nCache-Control: no-store\r\nAllow: GET, HEAD\r\n"
            + "X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n"
            + $"Content-Security-Policy: {PageStyle.Policy}; frame-ancestors 'none'\r\n"
            + (isPage ? $"Refresh: {Again}\r\n\r\n" : "\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. request?.Method == "HEAD" ? [] : body];
    }
}
