using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Which addresses are those of ollama's API: at the top those that the own API does not have, and all of them below /ollama.</summary>
internal static class OllamaAddresses
{
    public const string Prefix = "/ollama";

    /// <summary>What ollama does and this server does not.</summary>
    public static IReadOnlyList<string> Refused { get; } =
        ["/api/pull", "/api/push", "/api/create", "/api/copy", "/api/delete", "/api/embed", "/api/embeddings"];

    private static readonly string[] AtTheTop = ["/api/chat", "/api/tags", "/api/show", "/api/version", "/api/ps", .. Refused];

    /// <summary>Whether a request is to such an address.</summary>
    public static bool Include(PathString path) =>
        path.StartsWithSegments(Prefix) || AtTheTop.Contains(path.Value, StringComparer.OrdinalIgnoreCase);
}
