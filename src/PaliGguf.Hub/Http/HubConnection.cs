using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub.Http;

/// <summary>
/// Asks a hub. Redirects are followed by hand: only to where the hub may lead (<see cref="HubAddress.MayLeadTo"/>), and who asks is told
/// to the hub alone. Proxies are those of the environment (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>).
/// </summary>
internal sealed class HubConnection : IDisposable
{
    private const int MostRedirects = 5;
    private readonly HttpClient _client;
    private readonly HubOptions _options;
    private long _received;

    public HubConnection(HubOptions options)
    {
        _options = options;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Patience,
            MaxResponseHeadersLength = 64,
        };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("paligguf", typeof(HubConnection).Assembly.GetName().Version?.ToString(3)));
    }

    public Uri Endpoint => _options.Endpoint;

    public bool HasToken => _options.Token is not null;

    /// <summary>The bytes of content that have arrived so far.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Counts attempts at something.</summary>
    public Attempts Attempts(Action<string>? waiting) => new(_options, waiting);

    /// <summary>Asks once, and goes where the hub leads.</summary>
    /// <param name="address">An address of the hub.</param>
    /// <param name="refuse">The failure that an answer other than success is.</param>
    /// <param name="range">The bytes that are asked for; null for all.</param>
    /// <param name="unchanged">The ETag without which no part is wanted; null where none is known.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="Interruption">Another attempt may succeed.</exception>
    /// <exception cref="HubException">It would not.</exception>
    public async Task<HubAnswer> GetAsync(
        Uri address, Func<HttpResponseMessage, HubException> refuse, RangeHeaderValue? range, EntityTagHeaderValue? unchanged,
        CancellationToken cancellationToken)
    {
        if (_options.Offline)
            throw new HubException($"{HubAddress.Show(address)} is not asked in offline mode (--offline, HF_HUB_OFFLINE)");
        HttpResponseHeaders? said = null;
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            HttpResponseMessage response = await SendAsync(address, range, unchanged, cancellationToken).ConfigureAwait(false);
            if (HubAddress.IsOwn(Endpoint, address) && (said is null || response.Headers.Contains("X-Linked-Etag")))
                said = response.Headers;
            if (response.IsSuccessStatusCode) return new HubAnswer(response, address).With(said);
            using (response)
            {
                if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location) throw refuse(response);
                Uri next = new(address, location);
                if (!HubAddress.MayLeadTo(Endpoint, next))
                {
                    throw new HubException(
                        $"{HubAddress.Show(address)} leads to {HubAddress.Show(next)}, which is not asked: only addresses of https are");
                }

                address = next;
            }
        }

        throw new HubException($"{HubAddress.Show(address)}: it leads elsewhere more than {MostRedirects} times");
    }

    /// <summary>Reads some of an answer's content.</summary>
    /// <exception cref="Interruption">The line broke, or nothing came for too long.</exception>
    public async ValueTask<int> ReadAsync(Stream content, Memory<byte> buffer, Uri address, CancellationToken cancellationToken)
    {
        int count = await InTimeAsync(token => content.ReadAsync(buffer, token).AsTask(), address, cancellationToken).ConfigureAwait(false);
        Interlocked.Add(ref _received, count);
        return count;
    }

    public void Dispose() => _client.Dispose();

    private Task<HttpResponseMessage> SendAsync(Uri address, RangeHeaderValue? range, EntityTagHeaderValue? unchanged,
        CancellationToken cancellationToken) =>
        InTimeAsync(
            async token =>
            {
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
                request.Headers.Range = range;
                if (range is not null && unchanged is not null) request.Headers.IfRange = new RangeConditionHeaderValue(unchanged);
                if (_options.Token is { } who && HubAddress.IsOwn(Endpoint, address))
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who.Value);
                return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token).ConfigureAwait(false);
            },
            address, cancellationToken);

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> ask, Uri address, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            return await ask(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new Interruption($"nothing came from {address.Host} for {_options.Patience.TotalSeconds:0.#} s", innerException: e);
        }
        catch (HttpRequestException e) when (e.InnerException is AuthenticationException)
        {
            throw new HubException($"{address.Host} is not who it says (TLS): {OneLine.Show(e.InnerException.Message)}", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new Interruption($"the connection to {address.Host} failed ({OneLine.Show(e.GetBaseException().Message)})",
                innerException: e);
        }
    }
}
