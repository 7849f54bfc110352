using Microsoft.Extensions.Logging;
using PaliGguf.Imaging;

namespace PaliGguf.Server;

/// <summary>How a server runs. The defaults serve this computer alone.</summary>
public sealed record ServerOptions
{
    /// <summary>The text GGUF, or a folder that holds one pair of text and vision GGUF; where there are several models, the name of the
    /// one that is meant where a request names none, or empty for the first.</summary>
    public required string Model { get; init; }

    /// <summary>Folders of models that requests choose from by name. Each is loaded when it is asked for, within the memory that
    /// <see cref="ModelOptions"/> allow for all of them, or else is free. None for a server of <see cref="Model"/> alone, which is loaded at
    /// once.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>Whether requests choose from what was pulled, too.</summary>
    public bool PulledModels { get; init; }

    /// <summary>How long one of several models stays loaded when nobody asks it anything; <see cref="Timeout.InfiniteTimeSpan"/> for as
    /// long as no other needs its room.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How the model is loaded. <see cref="ModelOptions.Sequences"/> is how many requests run at once; the logger factory is the server's own.</summary>
    public ModelOptions ModelOptions { get; init; } = new() { Sequences = 4, ImagesPerPrompt = 2, SoftTokenCacheBytes = 128L << 20 };

    /// <summary>Where it listens: "http://127.0.0.1:8080", with port 0 for any that is free. Only http; a proxy in front may speak TLS.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>The keys that requests may carry as "Authorization: Bearer KEY"; with none, every request is answered.</summary>
    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    /// <summary>Whether it may be reached from other computers without a key.</summary>
    public bool NoAuth { get; init; }

    /// <summary>How many requests may wait for their turn, 0 or more; others are refused with status 429.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>How long a request may take in all, from its first byte; then it ends with status 504. More than zero.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many requests each key, or without keys each address, may make per minute; null for any number.</summary>
    public int? Rate { get; init; }

    /// <summary>How long running requests may go on when the server is stopped; then they are cancelled.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The most bytes of a request's body, 1 KiB to 1 GiB.</summary>
    public long MaxBody { get; init; } = 32L << 20;

    /// <summary>The most pixels of a picture, 1 or more.</summary>
    public long MaxPixels { get; init; } = ImageLimits.Default.MaxPixels;

    /// <summary>The longest answer in tokens of a request that does not say, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>How many bytes of uploaded pictures are kept for further requests; 0 for none. The ones that were used last stay.</summary>
    public long PictureStore { get; init; } = 256L << 20;

    /// <summary>How long an uploaded picture is kept after its last use; null for as long as there is room.</summary>
    public TimeSpan? PictureExpiry { get; init; }

    /// <summary>The hosts that pictures may be fetched from over https, as "host" or "host:port"; none by default.</summary>
    public IReadOnlyList<string> RemoteImageHosts { get; init; } = [];

    /// <summary>The origins whose web pages may call the server, as "https://example.org"; none by default but its own.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Names under which the server is reached, besides those of the loopback interface; for a server that listens there only.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether the model answers prompts without a picture too, which PaliGemma was not made for.</summary>
    public bool AllowTextOnly { get; init; }

    /// <summary>Whether chat clients may ask in their own words: a question that begins with no task's word is asked as "answer en
    /// QUESTION", and a picture without a text for its caption. Otherwise a text is the prompt as the model sees it.</summary>
    public bool NaturalQuestions { get; init; }

    /// <summary>Whether prompts and answers are logged.</summary>
    public bool LogContent { get; init; }

    /// <summary>Adds what receives the log; null for no log.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>Whether requests choose from several models.</summary>
    internal bool HasSeveralModels => ModelFolders.Count > 0 || PulledModels;

    /// <summary>The folder of what was pulled; null for the usual one.</summary>
    internal string? HubHome { get; init; }

    /// <summary>The clock.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require(Urls.Count > 0, "The server needs an address to listen at.");
        foreach (string url in Urls) ListenAddress.Parse(url);
        string? open = Urls.FirstOrDefault(url => !ListenAddress.Parse(url).IsLoopback);
        Require(
            open is null || ApiKeys.Count > 0 || NoAuth,
            $"{open} can be reached from other computers, and there is no API key: set PALIGGUF_API_KEY, or give --no-auth to let everybody in.");
        Require(ApiKeys.All(key => key.Length >= 8 && key.All(character => character is > ' ' and <= '~')), "An API key must have at least 8 characters, all visible ASCII.");
        string? missing = ModelFolders.FirstOrDefault(folder => !Directory.Exists(folder));
        Require(missing is null, $"{missing}: there is no such folder of models.");
        Require(KeepAlive == Timeout.InfiniteTimeSpan || (KeepAlive >= TimeSpan.Zero && KeepAlive <= TimeSpan.FromDays(30)),
            "A model is kept for at most 30 days, or for ever.");
        Require(!HasSeveralModels || (ModelOptions.VisionPath is null && ModelOptions.Adapters.Count == 0),
            "A vision model and adapters belong to one model: with several, leave them out.");
        Require(Queue is >= 0 and <= 100_000, $"A queue of {Queue} is out of range: it is 0 to 100000.");
        Require(Deadline > TimeSpan.Zero && Deadline <= TimeSpan.FromDays(1), "The deadline is more than zero and at most a day.");
        Require(Rate is null or (>= 1 and <= 1_000_000), $"A rate of {Rate} per minute is out of range: it is 1 to 1000000.");
        Require(Drain >= TimeSpan.Zero && Drain <= TimeSpan.FromDays(1), "The time to drain is at most a day.");
        Require(MaxBody is >= 1 << 10 and <= 1 << 30, $"A body of {MaxBody} bytes is out of range: it is 1 KiB to 1 GiB.");
        Require(MaxPixels >= 1, $"{MaxPixels} pixels are out of range: it is 1 or more.");
        Require(MaxTokens >= 1, $"An answer of {MaxTokens} tokens is out of range: it is 1 or more.");
        Require(PictureStore >= 0, $"{PictureStore} bytes of pictures are out of range: it is 0 or more.");
        Require(PictureExpiry is null || PictureExpiry > TimeSpan.Zero, "Pictures are kept for more than no time.");
        Require(RemoteImageHosts.All(host => Uri.TryCreate($"https://{host}/", UriKind.Absolute, out Uri? uri) && uri.AbsolutePath == "/" && uri.UserInfo.Length == 0),
            "A host of remote images is a name or an address, perhaps with a port: example.org, example.org:8443.");
        Require(CorsOrigins.All(origin => Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.GetLeftPart(UriPartial.Authority) == origin),
            "An origin is a scheme, a host and perhaps a port: https://example.org, http://localhost:3000.");
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition) throw new ArgumentException(problem);
    }
}
