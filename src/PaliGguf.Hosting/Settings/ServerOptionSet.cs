namespace PaliGguf.Hosting.Settings;

/// <summary>The options of the server, besides those of the model.</summary>
internal static class ServerOptionSet
{
    public static IReadOnlyList<SettingOption> All { get; } =
    [
        new("--urls", "URL", "Where to listen: http://ADDRESS:PORT, * for all addresses, port 0 for any that is free. Default: http://127.0.0.1:8080.", OptionKind.List),
        new("--models", "FOLDER", "Serve all models of this folder, and those that were pulled, by their names: each is loaded when it is asked for. "
            + "--model then names the one that is meant where a request names none.", OptionKind.List),
        new("--keep-alive", "TIME", "How long one of several models stays loaded when nobody asks it anything: 10m, 0, or forever. Default: 5m."),
        new("--no-auth", null, "Let other computers in without a key. (Keys come from PALIGGUF_API_KEY, several with ';' in between.)"),
        new("--sequences", "N", "How many requests run at once. Default: 4, or with --ram or --vram as many as fit.", OptionKind.WholeNumber),
        new("--images", "N", "How many pictures a prompt may have, for which the context has room. Default: 2.", OptionKind.WholeNumber),
        new("--queue", "N", "How many requests may wait; others are refused with status 429. Default: 64.", OptionKind.WholeNumber),
        new("--deadline", "TIME", "How long a request may take in all: 30s, 5m. Default: 2m."),
        new("--rate", "N", "How many requests a key, or without keys an address, may make per minute. Default: any number.", OptionKind.WholeNumber),
        new("--drain", "TIME", "How long running requests may go on after Ctrl-C. Default: 10s."),
        new("--max-body", "SIZE", "The largest body of a request. Default: 32MiB."),
        new("--picture-store", "SIZE", "How much of uploaded pictures is kept for further requests; 0 for none. Default: 256MiB."),
        new("--picture-expiry", "TIME", "How long an uploaded picture is kept after its last use. Default: as long as there is room."),
        new("--allow-remote-images", "HOST", "Fetch pictures over https from this host. Default: from none.", OptionKind.List),
        new("--cors", "ORIGIN", "Let web pages of this origin call the server: https://example.org. Default: only its own.", OptionKind.List),
        new("--hosts", "NAME", "Answer to this name too, where the server listens for this computer only (behind a proxy, for example).", OptionKind.List),
        new("--allow-text-only", null, "Let the model answer prompts without a picture too, which PaliGemma was not made for."),
        new("--natural-questions", null, "Let chat clients ask in their own words: a question is asked as 'answer en QUESTION', and a picture alone for its caption."),
        new("--log-json", null, "Log as JSON, an object per line."),
        new("--log-content", null, "Log prompts and answers too."),
    ];
}
