namespace PaliGguf.Hub;

/// <summary>Which hub is asked, and how.</summary>
public sealed class HubOptions
{
    private const string TokenVariable = "HF_TOKEN";

    /// <summary>The hub: https, or http on this computer alone. Default: <c>https://huggingface.co</c>.</summary>
    public Uri Endpoint { get; init; } = new(HubAddress.Usual);

    /// <summary>Who asks; null for nobody in particular, to whom gated models are closed.</summary>
    public AccessToken? Token { get; init; }

    /// <summary>Whether nothing is asked, and only what was pulled before is there.</summary>
    public bool Offline { get; init; }

    /// <summary>How long nothing may arrive before a connection counts as broken. Default: 30 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How waiting before another attempt is done; tests need not wait.</summary>
    internal Func<TimeSpan, CancellationToken, Task> Pause { get; init; } = Task.Delay;

    /// <summary>
    /// What the environment says, as other programs of the hub read it: <c>HF_ENDPOINT</c>, <c>HF_HUB_OFFLINE</c>, and for the token
    /// <c>HF_TOKEN</c>,
    /// <c>HF_TOKEN_PATH</c>, <c>HF_HOME</c> and <c>XDG_CACHE_HOME</c>.
    /// </summary>
    /// <param name="tokenFile">A file with the token, which goes before all others; null for none.</param>
    /// <param name="offline">Whether nothing is to be asked in any case.</param>
    /// <param name="variable">The value of a variable; null for those of this process.</param>
    /// <exception cref="HubException">The address or the token is none, or the file can not be read.</exception>
    public static HubOptions FromEnvironment(string? tokenFile = null, bool offline = false, Func<string, string?>? variable = null)
    {
        Func<string, string?> value = name => (variable ?? Environment.GetEnvironmentVariable)(name) is { Length: > 0 } text ? text : null;
        return new HubOptions
        {
            Endpoint = value("HF_ENDPOINT") is { } endpoint ? HubAddress.Parse(endpoint) : new Uri(HubAddress.Usual),
            Token = tokenFile is not null ? AccessToken.Read(tokenFile)
                : value(TokenVariable) is { } token ? AccessToken.Parse(token, TokenVariable)
                : UsualToken(value),
            Offline = offline || value("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "TRUE" or "YES" or "ON",
        };
    }

    private static AccessToken? UsualToken(Func<string, string?> variable)
    {
        string cache = variable("XDG_CACHE_HOME")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string home = variable("HF_HOME") ?? Path.Combine(cache, "huggingface");
        string path = variable("HF_TOKEN_PATH") ?? Path.Combine(home, "token");
        return File.Exists(path) ? AccessToken.Read(path) : null;
    }
}
