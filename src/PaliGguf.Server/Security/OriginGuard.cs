using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Security;

/// <summary>Keeps out what other web pages send, but for those of the origins that are allowed (CORS).</summary>
internal sealed class OriginGuard(ServerOptions options)
{
    private const int LongestHeaders = 2048;

    private readonly HashSet<string> _allowed = new(options.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host}") return next(context);
        if (!_allowed.Contains(origin)) throw Rejection.Forbidden("origin_not_allowed", "Web pages of this origin may not call the server; --cors ORIGIN lets them.");

        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin, Access-Control-Request-Headers";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.AccessControlExposeHeaders = $"{RequestId.Header}, Retry-After";
        bool asksFirst = HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.AccessControlRequestMethod.Count > 0;
        if (!asksFirst) return next(context);
        headers.AccessControlAllowMethods = "GET, HEAD, POST";
        headers.AccessControlAllowHeaders = Headers(context.Request.Headers.AccessControlRequestHeaders.ToString());
        if (context.Request.Headers["Access-Control-Request-Private-Network"] == "true")
            headers["Access-Control-Allow-Private-Network"] = "true";
        headers.AccessControlMaxAge = "3600";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    // Clients send headers of their own about themselves; from a page that may call the server they are harmless.
    private static string Headers(string asked) =>
        asked.Length is > 0 and <= LongestHeaders
            && asked.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or ',' or ' ')
            ? asked
            : $"Authorization, Content-Type, {RequestId.Header}";
}
