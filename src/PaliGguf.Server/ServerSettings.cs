using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Operations;

namespace PaliGguf.Server;

/// <summary>What is set for a server.</summary>
internal sealed class ServerSettings(IConfiguration configuration) : ModelSettings(configuration)
{
    private static readonly ServerOptions Defaults = new() { Model = "" };

    /// <summary>Whether requests choose from several models.</summary>
    public bool HasSeveralModels => ModelFolders.Count > 0;

    private IReadOnlyList<string> ModelFolders => [.. List("Models").Select(LocalPath)];

    private TimeSpan KeepAlive => Text("KeepAlive") switch
    {
        "forever" => Timeout.InfiniteTimeSpan,
        _ => Time("KeepAlive") ?? Defaults.KeepAlive,
    };

    /// <summary>The options that the settings ask for.</summary>
    /// <exception cref="UsageException">A setting is not of its kind.</exception>
    public ServerOptions ToOptions() => new()
    {
        Model = HasSeveralModels ? Text("Model") ?? "" : ModelPath,
        ModelOptions = ToServedModelOptions(),
        ModelFolders = ModelFolders,
        PulledModels = HasSeveralModels,
        KeepAlive = KeepAlive,
        Urls = Entries("Urls") is { Count: > 0 } urls ? urls : Defaults.Urls,
        ApiKeys = Entries("ApiKey"),
        NoAuth = Flag("NoAuth"),
        Queue = Integer("Queue", 0, 100_000) ?? Defaults.Queue,
        Deadline = Time("Deadline") ?? Defaults.Deadline,
        Rate = Integer("Rate", 1, 1_000_000),
        Drain = Time("Drain") ?? Defaults.Drain,
        MaxBody = Bytes("MaxBody") ?? Defaults.MaxBody,
        MaxPixels = PictureLimits.MaxPixels,
        MaxTokens = Integer("MaxTokens", 1, 1 << 20) ?? Defaults.MaxTokens,
        PictureStore = Text("PictureStore") == "0" ? 0 : Bytes("PictureStore") ?? Defaults.PictureStore,
        PictureExpiry = Time("PictureExpiry"),
        RemoteImageHosts = Entries("AllowRemoteImages"),
        CorsOrigins = Entries("Cors"),
        Hosts = Entries("Hosts"),
        AllowTextOnly = Flag("AllowTextOnly"),
        NaturalQuestions = Flag("NaturalQuestions"),
        LogContent = Flag("LogContent"),
        Logging = logging => ServerLog.Add(logging, json: Flag("LogJson"), Verbose ? LogLevel.Debug : LogLevel.Information),
    };

    // Without a number of its own, a server with limits on the memory runs as many requests as fit, within reason.
    private ModelOptions ToServedModelOptions() => ToModelOptions() with
    {
        Sequences = Integer("Sequences", 1, 256) ?? (Memory is null || HasSeveralModels ? Defaults.ModelOptions.Sequences : 0),
        ImagesPerPrompt = Integer("Images", 1, 1024) ?? Defaults.ModelOptions.ImagesPerPrompt,
        SoftTokenCacheBytes = Defaults.ModelOptions.SoftTokenCacheBytes,
    };

    /// <summary>A list; a comma separates as well as a semicolon, as in lists of addresses elsewhere.</summary>
    private List<string> Entries(string setting) => [.. List(setting).SelectMany(entry => entry.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
