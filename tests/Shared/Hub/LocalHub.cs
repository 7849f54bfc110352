using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PaliGguf.Tests.Hub;

/// <summary>
/// A server on this computer that behaves like the hub: it tells the commit of a revision, lists files page by page, sends small files
/// itself and leads to another host for large ones, whose sizes and
/// hashes it tells; it knows parts, gated repositories and tokens. What goes wrong is up to each test.
/// </summary>
internal sealed class LocalHub : IAsyncDisposable
{
    public const string Member = "hf_member";
    public const string Stranger = "hf_stranger";

    private readonly WebApplication _application;

    private LocalHub(WebApplication application) => _application = application;

    /// <summary>The hub.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The host with the large files.</summary>
    public Uri ContentAddress { get; private set; } = null!;

    public ConcurrentDictionary<string, HubRepository> Repositories { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>How many files a page of a list has.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Answers in place of the hub where it returns true.</summary>
    public Func<HttpContext, HubRequest, Task<bool>> Instead { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>How many bytes of the content of a request are sent before the connection is cut; null to send all.</summary>
    public Func<HubRequest, long?> CutAfter { get; set; } = _ => null;

    /// <summary>Awaited before the content of a request is sent.</summary>
    public Func<HubRequest, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>The bytes of content that were sent by both hosts.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    private long _bytesSent;

    public static async Task<LocalHub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.Listen(IPAddress.Loopback, 0);
            server.Listen(IPAddress.Loopback, 0);
        });
        WebApplication application = builder.Build();
        LocalHub hub = new(application);
        application.Run(hub.AnswerAsync);
        await application.StartAsync();
        Uri[] addresses = [.. application.Urls.Select(url => new Uri(url))];
        (hub.Address, hub.ContentAddress) = (addresses[0], new UriBuilder(addresses[1]) { Host = "localhost" }.Uri);
        return hub;
    }

    /// <summary>Adds a repository: "owner/name", or "datasets/owner/name".</summary>
    public HubRepository Add(string name) => Repositories[name] = new HubRepository(name);

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
    }

    /// <summary>Sends a status, with the hub's own word for what went wrong.</summary>
    public static Task<bool> Refuse(HttpContext context, int status, string? code = null, params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        if (code is not null) context.Response.Headers["X-Error-Code"] = code;
        foreach ((string name, string value) in headers) context.Response.Headers[name] = value;
        return Task.FromResult(true);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HubRequest request = new(
            context.Connection.LocalPort == ContentAddress.Port, context.Request.Path.Value!, context.Request.QueryString.Value!,
            context.Request.Headers.Range.ToString(), context.Request.Headers.IfRange.ToString(),
                context.Request.Headers.Authorization.ToString());
        Requests.Enqueue(request);
        if (await Instead(context, request)) return;
        string[] path = request.Path.Trim('/').Split('/');
        if (request.ToContent)
        {
            await SendContentAsync(context, request, path[^1]);
        }
        else if (path is ["api", var shelf, var owner, var name, "revision", _])
        {
            await OfRepository(context, Name(shelf, owner, name),
            repository => SendRevisionAsync(context, repository));
        }
        else if (path is ["api", var shelf2, var owner2, var name2, "tree", var commit])
        {
            await OfRepository(context,
            Name(shelf2, owner2, name2), repository => SendTreeAsync(context, repository, commit));
        }
        else if (path is ["datasets", var owner3, var name3, "resolve", _, ..])
        {
            await OfRepository(context, $"datasets/{owner3}/{name3}",
            repository => SendFileAsync(context, request, repository, string.Join('/', path[5..])));
        }
        else if (path is [var owner4, var name4, "resolve", _, ..])
        {
            await OfRepository(context, $"{owner4}/{name4}", repository =>
            SendFileAsync(context, request, repository, string.Join('/', path[4..])));
        }
        else
        {
            await Refuse(context, StatusCodes.Status404NotFound);
        }
    }

    private static string Name(string shelf, string owner, string name) => shelf == "datasets" ? $"datasets/{owner}/{name}"
        : $"{owner}/{name}";

    private Task OfRepository(HttpContext context, string name, Func<HubRepository, Task> answer)
    {
        string who = context.Request.Headers.Authorization.ToString();
        bool known = who is "Bearer " + Member or "Bearer " + Stranger;
        if (who.Length > 0 && !known) return Refuse(context, StatusCodes.Status401Unauthorized);
        if (!Repositories.TryGetValue(name, out HubRepository? repository))
            return Refuse(context, known ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized, "RepoNotFound");
        bool file = !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        if (repository.Gated && file && who != "Bearer " + Member)
            return Refuse(context, known ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized, "GatedRepo");
        return answer(repository);
    }

    private static Task SendRevisionAsync(HttpContext context, HubRepository repository) =>
        context.Request.Path.Value!.Split('/')[^1] is "main" or HubRepository.FirstCommit
            ? context.Response.WriteAsync(new JsonObject { ["id"] = repository.Name, ["sha"] = repository.Commit }.ToJsonString())
            : Refuse(context, StatusCodes.Status404NotFound, "RevisionNotFound");

    private Task SendTreeAsync(HttpContext context, HubRepository repository, string commit)
    {
        if (commit != repository.Commit) return Refuse(context, StatusCodes.Status404NotFound, "RevisionNotFound");
        int first = int.TryParse(context.Request.Query["cursor"], out int cursor) ? cursor : 0;
        JsonArray page = first > 0 ? [] : [new JsonObject { ["type"] = "directory", ["oid"] = "0", ["size"] = 0, ["path"] = "a folder" }];
        foreach ((string path, HubContent file) in repository.Files.Skip(first).Take(PageSize))
        {
            JsonObject entry = new() { ["type"] = "file", ["oid"] = file.Blob, ["size"] = file.Length, ["path"] = path };
            if (file.Linked) entry["lfs"] = new JsonObject { ["oid"] = file.Sha256, ["size"] = file.Length, ["pointerSize"] = 134 };
            page.Add(entry);
        }

        if (first + PageSize < repository.Files.Count)
        {
            context.Response.Headers.Link =
                $"<https://huggingface.co{context.Request.Path}?recursive=true&cursor={first + PageSize}>; rel=\"next\"";
        }

        return context.Response.WriteAsync(page.ToJsonString());
    }

    private Task SendFileAsync(HttpContext context, HubRequest request, HubRepository repository, string path)
    {
        if (!repository.Files.TryGetValue(path, out HubContent? file))
            return Refuse(context, StatusCodes.Status404NotFound, "EntryNotFound");
        context.Response.Headers["X-Repo-Commit"] = repository.Commit;
        if (!file.Linked) return SendAsync(context, request, file, file.Blob);
        context.Response.Headers["X-Linked-Size"] = file.Length.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["X-Linked-Etag"] = $"\"{file.Sha256}\"";
        context.Response.StatusCode = StatusCodes.Status302Found;
        context.Response.Headers.Location =
            new Uri(ContentAddress, $"{repository.Name}/{Uri.EscapeDataString(path)}?Signature=as-good-as-a-token").ToString();
        return Task.CompletedTask;
    }

    private Task SendContentAsync(HttpContext context, HubRequest request, string path)
    {
        string repository = request.Path.Trim('/')[..^(path.Length + 1)];
        HubContent file = Repositories[repository].Files[Uri.UnescapeDataString(path)];
        return SendAsync(context, request, file, file.Sha256);
    }

    private async Task SendAsync(HttpContext context, HubRequest request, HubContent file, string tag)
    {
        context.Response.Headers.ETag = $"\"{tag}\"";
        long begin = 0;
        long end = file.Length - 1;
        if (request.Range.Length > 0 && (request.IfRange.Length == 0 || request.IfRange == $"\"{tag}\""))
        {
            string[] range = request.Range["bytes=".Length..].Split('-');
            (begin, end) =
                (long.Parse(range[0], CultureInfo.InvariantCulture), Math.Min(end, long.Parse(range[1], CultureInfo.InvariantCulture)));
            if (begin >= file.Length)
            {
                await Refuse(context, StatusCodes.Status416RangeNotSatisfiable);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {begin}-{end}/{file.Length}";
        }

        context.Response.ContentLength = end - begin + 1;
        long cut = CutAfter(request) ?? long.MaxValue;
        await Sending(request).WaitAsync(context.RequestAborted);
        await using Stream content = file.Open();
        content.Position = begin;
        byte[] buffer = new byte[64 * 1024];
        long left = Math.Min(end - begin + 1, cut);
        while (left > 0)
        {
            int count = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), context.RequestAborted);
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            Interlocked.Add(ref _bytesSent, count);
            left -= count;
        }

        if (cut > end - begin + 1) return;
        await context.Response.Body.FlushAsync();
        context.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();
    }
}
