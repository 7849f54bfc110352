using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Security;

/// <summary>Keeps out what other web pages send, but for those of the origins that are allowed (CORS).</summary>
internal sealed class OriginGuard(ServerOptions options)
{
    private readonly HashSet<string> _allowed = new(options.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}") return next(context);
        if (!_allowed.Contains(origin)) throw Rejection.Forbidden("origin_not_allowed", "Web pages of this origin may not call the server; --cors ORIGIN lets them.");

        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlExposeHeaders = $"{RequestId.Header}, Retry-After";
        bool asksFirst = HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.AccessControlRequestMethod.Count > 0;
        if (!asksFirst) return next(context);
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = $"Authorization, Content-Type, {RequestId.Header}";
        headers.AccessControlMaxAge = "3600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
