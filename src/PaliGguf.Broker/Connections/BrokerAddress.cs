namespace PaliGguf.Broker.Connections;

/// <summary>Where a broker is, and who comes to it. What it prints as holds no password.</summary>
internal sealed class BrokerAddress
{
    private const int Port = 5672, TlsPort = 5671;
    private const string Guest = "guest";

    // Nothing of a text that may hold a password is repeated.
    private const string Expected = "expected amqps://HOST[:PORT][/VHOST], or amqp:// where nobody listens in.";

    private BrokerAddress(Uri uri, string user, string password, string? authorities)
    {
        IsEncrypted = uri.Scheme == "amqps";
        Host = uri.IdnHost;
        PortNumber = uri.Port > 0 ? uri.Port : IsEncrypted ? TlsPort : Port;
        VirtualHost = uri.AbsolutePath.Length > 1 ? Uri.UnescapeDataString(uri.AbsolutePath[1..]) : "/";
        User = user;
        Password = password;
        Authorities = authorities;
    }

    /// <summary>The name or number of its machine.</summary>
    public string Host { get; }

    /// <summary>The port, 1 to 65535.</summary>
    public int PortNumber { get; }

    /// <summary>The virtual host.</summary>
    public string VirtualHost { get; }

    /// <summary>Whether the connection is encrypted, and the broker shows who it is.</summary>
    public bool IsEncrypted { get; }

    /// <summary>Who comes.</summary>
    public string User { get; }

    /// <summary>A PEM file of the authorities that the broker's certificate is trusted by; null for those of the system.</summary>
    public string? Authorities { get; }

    internal string Password { get; }

    /// <summary>Reads an address.</summary>
    /// <param name="address">As <c>amqps://HOST[:PORT][/VHOST]</c>, perhaps with <c>USER[:PASSWORD]@</c> before the host.</param>
    /// <param name="user">The user, where the address names none; null for the broker's "guest", whom it lets in from its own machine.</param>
    /// <param name="password">The password, where the address has none.</param>
    /// <param name="authorities">A PEM file of trusted authorities; null for those of the system.</param>
    /// <exception cref="PaliException">It is none.</exception>
    public static BrokerAddress Parse(string address, string? user = null, string? password = null, string? authorities = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri is not { Scheme: "amqp" or "amqps", Query: "", Fragment: "" }
            || uri.Host.Length == 0 || uri.AbsolutePath.LastIndexOf('/') > 0)
        {
            throw new PaliException($"the broker's address is none: {Expected}");
        }

        if (authorities is not null && !File.Exists(authorities))
            throw new PaliException($"{authorities}: there is no such file, which is to name the authorities that the broker is trusted by.");
        string[] known = uri.UserInfo.Length == 0 ? [] : [.. uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString)];
        return new BrokerAddress(
            uri, known.Length > 0 ? known[0] : user ?? Guest, known.Length > 1 ? known[1] : password ?? Guest, authorities);
    }

    /// <summary>Whether an address has a password, or what may be one where it is malformed.</summary>
    public static bool HasPassword(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        int at = address.LastIndexOf('@');
        int start = address.IndexOf("://", StringComparison.Ordinal);
        return at > 0 && address.AsSpan(start < 0 ? 0 : Math.Min(start + 3, at), at - (start < 0 ? 0 : Math.Min(start + 3, at))).Contains(':');
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        string where = VirtualHost == "/" ? "" : "/" + Uri.EscapeDataString(VirtualHost);
        return FormattableString.Invariant($"{(IsEncrypted ? "amqps" : "amqp")}://{host}:{PortNumber}{where}");
    }
}
