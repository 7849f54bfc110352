using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Security;

/// <summary>
/// Lets in only requests that name this computer, where the server listens on the loopback interface only: a web page could otherwise reach it under a name of its own
/// whose address is 127.0.0.1 (DNS rebinding).
/// </summary>
internal sealed class HostGuard
{
    private readonly HashSet<string>? _names;

    public HostGuard(ServerOptions options)
    {
        if (options.Urls.Any(url => !ListenAddress.Parse(url).IsLoopback)) return;
        _names = new HashSet<string>(["localhost", "127.0.0.1", "[::1]", .. options.Hosts], StringComparer.OrdinalIgnoreCase);
        _names.UnionWith(options.Urls.Select(url => new Uri(url).Host));
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_names is null || _names.Contains(context.Request.Host.Host)) return next(context);
        throw Rejection.Forbidden("unknown_host", "The server listens for this computer only, and the request's Host header names another one; --hosts NAME lets a name in.");
    }
}
