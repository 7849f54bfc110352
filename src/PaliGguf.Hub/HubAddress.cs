using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub;

/// <summary>Which addresses are asked, and what is told of them.</summary>
internal static class HubAddress
{
    /// <summary>The hub that is meant where none is named.</summary>
    public const string Usual = "https://huggingface.co";

    /// <summary>Reads the address of a hub or of a mirror of one.</summary>
    /// <exception cref="HubException">It is none, or one that what is asked would not be safe on the way to.</exception>
    public static Uri Parse(string text)
    {
        bool isOne = Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "https" or "http"
            && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0;
        if (!isOne) throw new HubException($"'{OneLine.Show(text)}' is no address of a hub: one like {Usual} is expected (HF_ENDPOINT)");
        if (address!.Scheme == "http" && !address.IsLoopback)
            throw new HubException($"{Show(address)}: a hub is asked over https; http is for this computer alone (HF_ENDPOINT)");
        return address;
    }

    /// <summary>
    /// Whether a hub may send its clients to an address: over https, or where the hub is on this computer, to others on it.
    /// </summary>
    public static bool MayLeadTo(Uri endpoint, Uri address) =>
        address.UserInfo.Length == 0
        && (address.Scheme == "https"
            || (address.Scheme == "http" && address.IsLoopback && endpoint is { Scheme: "http", IsLoopback: true }));

    /// <summary>Whether an address is the hub's own, to whom its clients may say who they are.</summary>
    public static bool IsOwn(Uri endpoint, Uri address) =>
        Uri.Compare(endpoint, address, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;

    /// <summary>An address of a hub.</summary>
    /// <param name="endpoint">The hub.</param>
    /// <param name="path">What follows, escaped.</param>
    public static Uri Below(Uri endpoint, string path) => new($"{endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");

    /// <summary>An address in a message: what follows its path may be as good as a token.</summary>
    public static string Show(Uri address) =>
        OneLine.Show(address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));
}
