using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PaliGguf.Server.Http;

/// <summary>Tells which methods an address takes, to those who ask and to those who use another.</summary>
internal static class AllowedMethods
{
    private const string Everywhere = "GET, HEAD, POST, OPTIONS";

    /// <summary>Completes the list of methods of an answer that refuses one, and answers OPTIONS with it.</summary>
    /// <returns>Whether that was all that was asked.</returns>
    public static bool Answer(HttpContext context)
    {
        HttpResponse response = context.Response;
        bool asks = HttpMethods.IsOptions(context.Request.Method);
        bool wholeServer = asks && context.Features.Get<IHttpRequestFeature>()?.RawTarget == "*";
        if (response.StatusCode != StatusCodes.Status405MethodNotAllowed && !wholeServer) return false;
        response.Headers.Allow = wholeServer ? Everywhere
            : $"{response.Headers.Allow.ToString().Replace("GET", "GET, HEAD", StringComparison.Ordinal)}, OPTIONS";
        if (!asks) return false;
        response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
