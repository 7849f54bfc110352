using System.Net.Http.Headers;

namespace PaliGguf.Hub.Http;

/// <summary>An answer, and what the hub itself said of the file before it sent its client elsewhere for the content.</summary>
internal sealed class HubAnswer(HttpResponseMessage response, Uri address) : IDisposable
{
    /// <summary>The answer with the content.</summary>
    public HttpResponseMessage Response { get; } = response;

    /// <summary>Whose answer it is.</summary>
    public Uri Address { get; } = address;

    /// <summary>The commit that the file is of, as the hub says; null where it says nothing.</summary>
    public string? Commit { get; private set; }

    /// <summary>The size of the file, likewise.</summary>
    public long? LinkedSize { get; private set; }

    /// <summary>The SHA-256 of the file, likewise: of files that are kept apart from the repository, their ETag is one.</summary>
    public string? LinkedHash { get; private set; }

    /// <summary>Takes over what the headers of an answer of the hub itself say.</summary>
    public HubAnswer With(HttpResponseHeaders? headers)
    {
        if (headers is null) return this;
        Commit = Value(headers, "X-Repo-Commit");
        LinkedSize = long.TryParse(Value(headers, "X-Linked-Size"), out long size) ? size : null;
        LinkedHash = Value(headers, "X-Linked-Etag") is { } tag && tag.Trim('"') is { Length: 64 } hash && hash.All(char.IsAsciiHexDigit)
            ? hash : null;
        return this;
    }

    public void Dispose() => Response.Dispose();

    /// <summary>The first value of a header; null where there is none.</summary>
    public static string? Value(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out IEnumerable<string>? values)
        ? values.First() : null;
}
