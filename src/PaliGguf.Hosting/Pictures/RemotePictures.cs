using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace PaliGguf.Hosting.Pictures;

/// <summary>
/// Fetches pictures from the hosts that are allowed, over https, and from no address inside a private network; from there only, and without
/// TLS only, where the whole origin is allowed as it is.
/// </summary>
internal sealed class RemotePictures : IDisposable
{
    private const int MostRedirects = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _hosts;
    private readonly HashSet<string> _origins;
    private readonly HashSet<string> _private;
    private readonly long _most;
    private readonly Func<IPAddress, bool> _mayConnect;
    private readonly HttpClient _client;

    /// <param name="hosts">The hosts, as "host" or "host:port"; or origins with their scheme, "http://10.0.0.5:9000".</param>
    /// <param name="most">The most bytes of a picture.</param>
    /// <param name="mayConnect">Which addresses may be connected to; null for all that are public.</param>
    /// <param name="tls">How servers are authenticated; null for as the system does it.</param>
    public RemotePictures(
        IReadOnlyList<string> hosts, long most, Func<IPAddress, bool>? mayConnect = null, SslClientAuthenticationOptions? tls = null)
    {
        Uri[] origins = [.. hosts.Where(IsOrigin).Select(host => new Uri(host))];
        _hosts = new HashSet<string>(
            hosts.Where(host => !IsOrigin(host)).Select(host => new Uri($"https://{host}/").Authority), StringComparer.OrdinalIgnoreCase);
        _origins = new HashSet<string>(origins.Select(Origin), StringComparer.OrdinalIgnoreCase);
        _private = new HashSet<string>(origins.Select(origin => EndPoint(origin.IdnHost, origin.Port)), StringComparer.OrdinalIgnoreCase);
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

    /// <summary>Whether any host is allowed.</summary>
    public bool Any => _hosts.Count + _origins.Count > 0;

    /// <summary>Whether a text names a host or an origin.</summary>
    public static bool IsHost(string text) =>
        Uri.TryCreate(IsOrigin(text) ? text : $"https://{text}/", UriKind.Absolute, out Uri? uri)
        && uri is { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" };

    /// <summary>Fetches a picture.</summary>
    /// <exception cref="RemotePictureException">It may not be fetched from there, or can not.</exception>
    public async Task<ReadOnlyMemory<byte>> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            for (int redirects = 0; redirects <= MostRedirects; redirects++)
            {
                Check(address);
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                using HttpResponseMessage response =
                    await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                if (IsRedirect(response.StatusCode) && response.Headers.Location is { } location)
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
            throw failure.InnerException as RemotePictureException ?? Failed($"{address.Host} could not be reached.");
        }
    }

    public void Dispose() => _client.Dispose();

    private static bool IsOrigin(string text) => text.Contains("://", StringComparison.Ordinal);

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private static string EndPoint(string host, int port) => FormattableString.Invariant($"{host}:{port}");

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.Moved or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private void Check(Uri address)
    {
        bool http = address.Scheme is "http" or "https";
        if (http && address.UserInfo.Length == 0 && _origins.Contains(Origin(address))) return;
        if (address.Scheme != Uri.UriSchemeHttps) throw Refused("Pictures are only fetched over https.");
        if (address.UserInfo.Length > 0 || !_hosts.Contains(address.Authority))
            throw Refused($"Pictures are not fetched from {address.Host}.");
    }

    // The address that is checked is the one that is connected to: a name may stand for another one at the next question.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        bool anywhere = _private.Contains(EndPoint(context.DnsEndPoint.Host, context.DnsEndPoint.Port));
        IPAddress address = Array.Find(addresses, candidate => anywhere || _mayConnect(candidate))
            ?? throw Refused($"{context.DnsEndPoint.Host} is inside a private network, from which no pictures are fetched.");
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

    private RemotePictureException TooLarge() => Failed($"The picture has more than {_most} bytes.");

    private static RemotePictureException Refused(string problem) => new(problem) { IsRefused = true };

    private static RemotePictureException Failed(string problem) => new($"The picture could not be fetched: {problem}");
}
