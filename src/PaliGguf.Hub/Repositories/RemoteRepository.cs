using System.Text.Json;
using PaliGguf.Conversion.Sources;
using PaliGguf.Hub.Http;

namespace PaliGguf.Hub.Repositories;

/// <summary>One commit of a repository at a hub: its files, and their content.</summary>
internal sealed class RemoteRepository
{
    private const int LongestAnswer = 16 * 1024 * 1024;
    private const int MostFiles = 100_000;
    private const int CommitLength = 40;
    private readonly HubConnection _hub;
    private readonly Action<string>? _waiting;

    private RemoteRepository(HubConnection hub, RepositoryName name, string commit, Action<string>? waiting) =>
        (_hub, Name, Commit, _waiting) = (hub, name, commit, waiting);

    public RepositoryName Name { get; }

    /// <summary>The commit's hash, which all that is read is of.</summary>
    public string Commit { get; }

    /// <summary>Where people see it.</summary>
    public Uri Page => Name.Page(_hub.Endpoint);

    /// <summary>Finds out which commit a revision is.</summary>
    /// <param name="hub">The hub.</param>
    /// <param name="name">The repository.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="waiting">Told why another attempt is waited for.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HubException">There is none such, or the hub does not let its client in or is not reached.</exception>
    public static async Task<RemoteRepository> OpenAsync(HubConnection hub, RepositoryName name, string revision,
        Action<string>? waiting, CancellationToken cancellationToken)
    {
        RemoteRepository unknown = new(hub, name, "", waiting);
        (JsonDocument answer, _) =
            await unknown.AskAsync(name.Revision(hub.Endpoint, revision), $"{name}@{OneLine.Show(revision)}",
                cancellationToken).ConfigureAwait(false);
        using (answer)
        {
            string? commit = answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("sha", out JsonElement sha) && sha.ValueKind == JsonValueKind.String
                ? sha.GetString() : null;
            if (commit?.Length != CommitLength || !commit.All(char.IsAsciiHexDigitLower))
                throw new HubException($"{name}: {hub.Endpoint.Host} does not tell which commit {OneLine.Show(revision)} is");
            return new RemoteRepository(hub, name, commit, waiting);
        }
    }

    /// <summary>All files of the commit.</summary>
    /// <exception cref="HubException">The hub's list is none.</exception>
    public async Task<IReadOnlyList<RepositoryFile>> ListAsync(CancellationToken cancellationToken)
    {
        List<RepositoryFile> files = [];
        for (Uri? page = Name.Tree(_hub.Endpoint, Commit); page is not null;)
        {
            (JsonDocument answer, string? link) = await AskAsync(page, Name.ToString(), cancellationToken).ConfigureAwait(false);
            using (answer)
            {
                int before = files.Count;
                files.AddRange(TreePage.Files(answer.RootElement, Name.ToString()));
                if (files.Count > MostFiles) throw new HubException($"{Name} has more than the {MostFiles} files that are allowed");
                page = files.Count > before ? TreePage.Next(link, _hub.Endpoint) : null;
            }
        }

        return files;
    }

    /// <summary>Reads a part of a file, and goes on where it was when the line breaks.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="ended">Ends reading that blocks.</param>
    public RangeStream Read(RepositoryFile file, long offset, long length, CancellationToken ended = default)
    {
        RemoteFile remote = new(
            Name.File(_hub.Endpoint, Commit, file.Path), $"{Name}: {OneLine.Show(file.Path)}", Page, Commit, file.Size, file.Sha256);
        return new RangeStream(_hub, remote, offset, length, _hub.Attempts(_waiting), ended);
    }

    /// <summary>Reads a small file as a whole, and checks that it is what the hub listed.</summary>
    /// <exception cref="HubException">It is larger than <paramref name="most"/> bytes, or something else.</exception>
    public async Task<byte[]> ReadAllAsync(RepositoryFile file, int most, CancellationToken cancellationToken)
    {
        if (file.Size > most)
        {
            throw new HubException(
                $"{Name}: {OneLine.Show(file.Path)} has {file.Size} bytes, more than the {most} that are allowed for its kind");
        }

        byte[] content = new byte[file.Size];
        using RangeStream stream = Read(file, 0, file.Size, cancellationToken);
        await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return file.IsContent(content) ? content
            : throw new HubException($"{Name}: {OneLine.Show(file.Path)} is not the file that the hub listed: its hash is another one");
    }

    /// <summary>Reads the JSON of an answer.</summary>
    /// <exception cref="HubException">It is none, or holds text that is not Unicode.</exception>
    internal static JsonDocument Parse(byte[] body, string subject, string host)
    {
        try
        {
            if (UnicodeJson.IsIn(body)) return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw new HubException($"{subject}: {host} answered with something else than JSON: is it a hub?", e);
        }

        throw new HubException($"{subject}: {host} answered with text that is not Unicode");
    }

    private Task<(JsonDocument Answer, string? Link)> AskAsync(Uri address, string subject, CancellationToken cancellationToken) =>
        _hub.Attempts(_waiting).RunAsync(
            async () =>
            {
                using HubAnswer answer = await _hub.GetAsync(
                    address, response => Refusal.Of(response, _hub.Endpoint, subject, Page, _hub.HasToken), range: null, unchanged: null,
                        cancellationToken).ConfigureAwait(false);
                byte[] body = await ReadBodyAsync(answer, subject, cancellationToken).ConfigureAwait(false);
                return (Parse(body, subject, answer.Address.Host), HubAnswer.Value(answer.Response.Headers, "Link"));
            },
            cancellationToken);

    private async Task<byte[]> ReadBodyAsync(HubAnswer answer, string subject, CancellationToken cancellationToken)
    {
        using Stream content = await answer.Response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using MemoryStream body = new();
        byte[] buffer = new byte[64 * 1024];
        while (await _hub.ReadAsync(content, buffer, answer.Address, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            body.Write(buffer, 0, count);
            if (body.Length > LongestAnswer)
                throw new HubException($"{subject}: {answer.Address.Host} answers with more than {LongestAnswer} bytes");
        }

        return body.ToArray();
    }
}
