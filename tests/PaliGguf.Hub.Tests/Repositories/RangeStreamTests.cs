using System.Collections.Concurrent;
using PaliGguf.Hub.Http;
using PaliGguf.Hub.Repositories;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests.Repositories;

public sealed class RangeStreamTests
{
    private const string Path = "weights.bin";
    private static readonly byte[] Content = Asking.Bytes(1_000_000);

    [Fact]
    public async Task A_part_is_all_that_is_asked_for()
    {
        await using Asking asking = await StartAsync();

        Assert.Equal(Content[1000..5000], await PartAsync(asking, 1000, 4000));

        Assert.Equal("bytes=1000-4999", asking.Hub.Requests.Last().Range);
        Assert.Equal(4000, asking.Hub.BytesSent);
    }

    [Fact]
    public async Task After_a_break_the_rest_is_asked_for_on_condition_that_the_file_is_the_same()
    {
        await using Asking asking = await StartAsync();
        int cuts = 0;
        asking.Hub.CutAfter = request => request.ToContent && cuts++ < 2 ? 300_000 : null;

        Assert.Equal(Content, await PartAsync(asking, 0, Content.Length));

        HubRequest[] parts = [.. asking.Hub.Requests.Where(request => request.ToContent)];
        Assert.Equal(3, parts.Length);
        Assert.Empty(parts[0].Range);
        Assert.All(parts[1..], part => Assert.Matches("^bytes=[1-9][0-9]*-999999$", part.Range));
        Assert.All(parts[1..], part => Assert.Equal($"\"{asking.Repository.Files[Path].Sha256}\"", part.IfRange));
        Assert.Equal(2, asking.Waits.Count);
        Assert.All(asking.Reasons, reason => Assert.Contains("another attempt in", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_line_that_brings_nothing_is_given_up_after_six_attempts()
    {
        await using Asking asking = await StartAsync();
        asking.Hub.CutAfter = request => request.ToContent ? 0 : null;

        HubException failure = await Assert.ThrowsAsync<HubException>(() => PartAsync(asking, 0, Content.Length));

        Assert.Contains("given up after 6 attempts", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, asking.Waits.Count);
        Assert.All(asking.Waits.Zip(asking.Waits.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Fact]
    public async Task A_server_that_is_silent_for_too_long_is_asked_again()
    {
        await using Asking asking = await StartAsync();
        int asked = 0;
        asking.Hub.Instead = async (context, request) =>
        {
            if (!request.ToContent || asked++ > 0) return false;
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        Assert.Equal(Content[..10], await PartAsync(asking, 0, 10, asking.Options(patience: TimeSpan.FromSeconds(1))));

        Assert.Contains("nothing came from localhost for 1 s", Assert.Single(asking.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, "Retry-After", "7", 7)]
    [InlineData(429, "RateLimit", "\"resolvers\";r=0;t=55", 55)]
    [InlineData(503, "Retry-After", "3", 3)]
    public async Task A_server_that_asks_to_wait_is_waited_for(int status, string header, string value, int seconds)
    {
        await using Asking asking = await StartAsync();
        int asked = 0;
        asking.Hub.Instead = (context, request) =>
            request.Path.Contains("resolve", StringComparison.Ordinal) && asked++ == 0
                ? LocalHub.Refuse(context, status, code: null, (header, value)) : Task.FromResult(false);

        Assert.Equal(Content[..10], await PartAsync(asking, 0, 10));

        Assert.Equal([TimeSpan.FromSeconds(seconds)], asking.Waits);
    }

    [Fact]
    public async Task A_server_that_asks_to_wait_for_an_hour_is_not()
    {
        await using Asking asking = await StartAsync();
        asking.Hub.Instead = (context, request) =>
            request.Path.Contains("resolve", StringComparison.Ordinal)
                ? LocalHub.Refuse(context, 429, code: null, ("Retry-After", "3600")) : Task.FromResult(false);

        HubException failure = await Assert.ThrowsAsync<HubException>(() => PartAsync(asking, 0, 10));

        Assert.Contains("asks to wait for 60 minutes", failure.Message, StringComparison.Ordinal);
        Assert.Empty(asking.Waits);
    }

    public static TheoryData<string, string, string> WrongHeaders() => new()
    {
        { "X-Linked-Size", "999999", "999999 bytes long, not 1000000 as listed" },
        { "X-Linked-Etag", $"\"{new string('b', 64)}\"", "its SHA-256 differs" },
        { "X-Repo-Commit", new string('f', 40), "of commit ffffffffffff, not of 0123456789ab" },
    };

    [Theory]
    [MemberData(nameof(WrongHeaders))]
    public async Task What_the_hub_says_of_the_file_must_be_true(string header, string value, string expected)
    {
        await using Asking asking = await StartAsync();
        asking.Hub.Instead = (context, request) =>
        {
            context.Response.OnStarting(() =>
            {
                if (!request.ToContent) context.Response.Headers[header] = value;
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };

        HubException refused = await Assert.ThrowsAsync<HubException>(() => PartAsync(asking, 0, 10));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<int, string, string, string> WrongParts() => new()
    {
        { 206, "Content-Range", "bytes 0-9/1000000", "sent as another part than bytes 100 to 109" },
        { 206, "Content-Range", "bytes 100-109/5000000", "sent as another part" },
        { 206, "Content-Encoding", "gzip", "sent packed (gzip)" },
        { 200, "Content-Length", "0", "knows no parts" },
        { 416, "Content-Length", "0", "the file is shorter than the repository says (416)" },
    };

    [Theory]
    [MemberData(nameof(WrongParts))]
    public async Task Another_part_than_the_one_that_was_asked_for_is_refused(int status, string header, string value, string expected)
    {
        await using Asking asking = await StartAsync();
        asking.Hub.Instead = (context, request) => request.ToContent ? LocalHub.Refuse(context, status, code: null, (header, value))
            : Task.FromResult(false);

        HubException refused = await Assert.ThrowsAsync<HubException>(() => PartAsync(asking, 100, 10));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Empty(asking.Waits);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_read_is_refused()
    {
        await using Asking asking = await StartAsync();
        ConcurrentQueue<long> cuts = new([300_000]);
        asking.Hub.CutAfter = request =>
        {
            if (!request.ToContent || !cuts.TryDequeue(out long cut)) return null;
            asking.Repository.Files[Path].Sha256 = new string('c', 64);
            return cut;
        };

        HubException refused = await Assert.ThrowsAsync<HubException>(() => PartAsync(asking, 0, Content.Length));

        Assert.Contains("its SHA-256 differs", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_ends_the_reading_waits_for_nobody()
    {
        await using Asking asking = await StartAsync();
        using CancellationTokenSource end = new();
        asking.Hub.Instead = async (context, request) =>
        {
            if (!request.ToContent) return false;
            await end.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PartAsync(asking, 0, 10, cancellationToken: end.Token));
    }

    private static async Task<Asking> StartAsync()
    {
        Asking asking = await Asking.StartAsync();
        asking.Repository.Add(Path, Content, linked: true);
        return asking;
    }

    private static async Task<byte[]> PartAsync(Asking asking, long offset, int length, HubOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        using HubConnection connection = new(options ?? asking.Options());
        RemoteRepository repository = await asking.OpenAsync(connection);
        RepositoryFile file = (await repository.ListAsync(CancellationToken.None)).Single();
        await using RangeStream stream = repository.Read(file, offset, length, cancellationToken);
        byte[] part = new byte[length];
        await stream.ReadExactlyAsync(part, cancellationToken);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], cancellationToken));
        return part;
    }
}
