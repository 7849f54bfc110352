using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Pictures;

/// <summary>Fetches pictures from the hosts that are allowed, over https, and from no address inside a private network.</summary>
internal sealed class RemotePictures : IDisposable
{
    private const int MostRedirects = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _hosts;
    private readonly long _most;
    private readonly Func<IPAddress, bool> _mayConnect;
    private readonly HttpClient _client;

    /// <param name="hosts">The hosts, as "host" or "host:port".</param>
    /// <param name="most">The most bytes of a picture.</param>
    /// <param name="mayConnect">Which addresses may be connected to; null for all that are public.</param>
    /// <param name="tls">How servers are authenticated; null for as the system does it.</param>
    public RemotePictures(IEnumerable<string> hosts, long most, Func<IPAddress, bool>? mayConnect = null, SslClientAuthenticationOptions? tls = null)
    {
        _hosts = new HashSet<string>(hosts.Select(host => new Uri($"https://{host}/").Authority), StringComparer.OrdinalIgnoreCase);
        _most = most;
        _mayConnect = mayConnect ?? PublicAddress.Is;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        };
        if (tls is not null) handler.SslOptions = tls;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Fetches a picture.</summary>
    /// <exception cref="RejectionException">It may not be fetched from there, or can not.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(PictureData picture, CancellationToken cancellationToken)
    {
        Uri address = picture.Address!;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            for (int redirects = 0; redirects <= MostRedirects; redirects++)
            {
                Check(address, picture.Place);
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                if (response is { StatusCode: HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect, Headers.Location: { } location })
                {
                    address = new Uri(address, location);
                    continue;
                }

                if (!response.IsSuccessStatusCode) throw Failed($"{address.Host} answered with status {(int)response.StatusCode}.");
                return await ReadAsync(response, patience.Token);
            }

            throw Failed($"{address.Host} redirects more than {MostRedirects} times.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"{address.Host} did not answer within {Patience.TotalSeconds} s.");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException)
        {
            throw failure.InnerException as RejectionException ?? Failed($"{address.Host} could not be reached.");
        }
    }

    public void Dispose() => _client.Dispose();

    private void Check(Uri address, string place)
    {
        if (_hosts.Count == 0)
        {
            throw Rejection.Unsupported(place, "This server fetches no pictures: send the picture itself, as base64 or a data URL. "
                + "(--allow-remote-images HOST lets it fetch from a host.)");
        }

        if (address.Scheme != Uri.UriSchemeHttps) throw Rejection.Unsupported(place, "Pictures are only fetched over https.");
        if (address.UserInfo.Length > 0 || !_hosts.Contains(address.Authority))
            throw Rejection.Unsupported(place, $"This server does not fetch pictures from {address.Host}.");
    }

    // The address that is checked is the one that is connected to: a name may stand for another one at the next question.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        IPAddress address = Array.Find(addresses, candidate => _mayConnect(candidate))
            ?? throw Rejection.Unsupported(PictureData.Field,
                $"{context.DnsEndPoint.Host} is inside a private network, from which no pictures are fetched.");
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > _most) throw TooLarge();
        await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream file = new();
        byte[] buffer = new byte[64 << 10];
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (file.Length + read > _most) throw TooLarge();
            file.Write(buffer.AsSpan(0, read));
        }

        return file.GetBuffer().AsMemory(0, (int)file.Length);
    }

    private RejectionException TooLarge() => Failed($"The picture has more than {_most} bytes.");

    private static RejectionException Failed(string problem) => Rejection.Unprocessable("remote_picture", $"The picture could not be fetched: {problem}");
}
