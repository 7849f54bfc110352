using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PaliGguf.Broker.Tests.Rabbit;

/// <summary>A host of pictures on this computer: one picture, and ways that lead elsewhere.</summary>
internal sealed class PictureHost : IDisposable
{
    private readonly HttpListener _listener;
    private readonly byte[] _picture;

    public PictureHost(string picture)
    {
        _picture = File.ReadAllBytes(picture);
        (_listener, Port) = Start();
        _ = ServeAsync();
    }

    public int Port { get; }

    public string Origin => $"http://127.0.0.1:{Port}";

    /// <summary>What was asked for.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    public void Dispose() => _listener.Close();

    private static (HttpListener Listener, int Port) Start()
    {
        while (true)
        {
            using TcpListener free = new(IPAddress.Loopback, 0);
            free.Start();
            int port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            HttpListener listener = new();
            listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                listener.Start();
                return (listener, port);
            }
            catch (HttpListenerException)
            {
                // Somebody else has it meanwhile.
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Uri asked = context.Request.Url!;
                Asked.Add(asked.AbsolutePath);
                using HttpListenerResponse response = context.Response;
                Answer(response, asked);
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private void Answer(HttpListenerResponse response, Uri asked)
    {
        switch (asked.AbsolutePath)
        {
            case "/picture.png":
                response.OutputStream.Write(_picture);
                break;
            case "/text":
                response.OutputStream.Write("no picture"u8);
                break;
            case "/moved-within":
                response.Redirect($"{Origin}/picture.png");
                break;
            case "/moved-to":
                response.Redirect(asked.Query[1..]);
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }
}
