using System.Net;

namespace PaliGguf.Server;

/// <summary>An address to listen at.</summary>
/// <param name="Address">The interface; null for all of them.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>Whether only this computer reaches it.</summary>
    public bool IsLoopback => Address is not null && IPAddress.IsLoopback(Address);

    /// <exception cref="ArgumentException">It is no such address.</exception>
    public static ListenAddress Parse(string url)
    {
        // What stands for all interfaces is no host name.
        bool any = url.StartsWith("http://*", StringComparison.Ordinal) || url.StartsWith("http://+", StringComparison.Ordinal);
        string text = any ? $"http://0.0.0.0{url["http://*".Length..]}" : url;
        bool valid = Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http", PathAndQuery: "/", UserInfo: "", Fragment: "" };
        if (valid && uri!.Host == "localhost") return new ListenAddress(IPAddress.Loopback, uri.Port);
        if (valid && IPAddress.TryParse(uri!.DnsSafeHost, out IPAddress? address)) return new ListenAddress(any ? null : address, uri.Port);
        throw new ArgumentException($"The server can not listen at '{url}': expected http://ADDRESS:PORT, as http://127.0.0.1:8080 or http://*:8080.");
    }
}
