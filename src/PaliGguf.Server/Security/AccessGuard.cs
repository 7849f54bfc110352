using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;

namespace PaliGguf.Server.Security;

/// <summary>Marks what needs a key.</summary>
internal sealed class Protected
{
    public static Protected Access { get; } = new();
}

/// <summary>Marks what counts as a request of its key: what makes the server work.</summary>
internal sealed class Counted
{
    public static Counted Request { get; } = new();
}

/// <summary>Asks for a key where one is needed, and lets each key, or each address, make so many requests.</summary>
internal sealed class AccessGuard(ServerOptions options, ServerMetrics metrics) : IDisposable
{
    private readonly ApiKeys _keys = new(options.ApiKeys);

    private readonly PartitionedRateLimiter<string>? _rates = options.Rate is not { } rate ? null : PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) / rate,
            AutoReplenishment = true,
            QueueLimit = 0,
        }));

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        EndpointMetadataCollection? metadata = context.GetEndpoint()?.Metadata;
        string caller = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_keys.Required && metadata?.GetMetadata<Protected>() is not null)
        {
            string authorization = context.Request.Headers.Authorization.ToString();
            int key = _keys.Find(authorization);
            if (key < 0)
            {
                throw Rejection.Unauthorized(authorization.Length == 0 ? "A key is needed: send it as 'Authorization: Bearer KEY'." : "The key is not one of this server's.");
            }

            caller = $"key {key}";
        }

        if (_rates is not null && metadata?.GetMetadata<Counted>() is not null)
        {
            using RateLimitLease lease = await _rates.AcquireAsync(caller, 1, context.RequestAborted);
            if (!lease.IsAcquired)
            {
                metrics.Refused("rate");
                throw Rejection.TooMany(
                    "rate_exceeded", $"More than {options.Rate} requests per minute were made.",
                    lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan time) ? time : TimeSpan.FromMinutes(1) / options.Rate!.Value);
            }
        }

        await next(context);
    }

    public void Dispose() => _rates?.Dispose();
}
