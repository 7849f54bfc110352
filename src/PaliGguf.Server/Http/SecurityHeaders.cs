using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Headers that keep browsers from doing more with an answer than was meant.</summary>
internal static class SecurityHeaders
{
    // The web page has files of its own, and shows pictures that it has in memory.
    private const string Policy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
