namespace PaliGguf.Hosting.Settings;

/// <summary>An option of the server; also a setting of the same name without hyphens.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Value">What its value is called; null for an option without one.</param>
/// <param name="Description">What it does.</param>
/// <param name="IsList">Whether it may be given several times.</param>
internal sealed record ServerOption(string Name, string? Value, string Description, bool IsList = false);

/// <summary>The options of the server, besides those of the model.</summary>
internal static class ServerOptionSet
{
    public static IReadOnlyList<ServerOption> All { get; } =
    [
        new("--urls", "URL", "Where to listen: http://ADDRESS:PORT, * for all addresses, port 0 for any that is free. Default: http://127.0.0.1:8080.", IsList: true),
        new("--no-auth", null, "Let other computers in without a key. (Keys come from PALIGGUF_API_KEY, several with ';' in between.)"),
        new("--sequences", "N", "How many requests run at once. Default: 4, or with --ram or --vram as many as fit."),
        new("--images", "N", "How many pictures a prompt may have, for which the context has room. Default: 2."),
        new("--queue", "N", "How many requests may wait; others are refused with status 429. Default: 64."),
        new("--deadline", "TIME", "How long a request may take in all: 30s, 5m. Default: 2m."),
        new("--rate", "N", "How many requests a key, or without keys an address, may make per minute. Default: any number."),
        new("--drain", "TIME", "How long running requests may go on after Ctrl-C. Default: 10s."),
        new("--max-body", "SIZE", "The largest body of a request. Default: 32MiB."),
        new("--max-pixels", "N", "The most pixels of a picture. Default: 50000000."),
        new("--picture-store", "SIZE", "How much of uploaded pictures is kept for further requests; 0 for none. Default: 256MiB."),
        new("--picture-expiry", "TIME", "How long an uploaded picture is kept after its last use. Default: as long as there is room."),
        new("--allow-remote-images", "HOST", "Fetch pictures over https from this host. Default: from none.", IsList: true),
        new("--cors", "ORIGIN", "Let web pages of this origin call the server: https://example.org. Default: only its own.", IsList: true),
        new("--hosts", "NAME", "Answer to this name too, where the server listens for this computer only (behind a proxy, for example).", IsList: true),
        new("--log-json", null, "Log as JSON, an object per line."),
        new("--log-content", null, "Log prompts and answers too."),
    ];
}
