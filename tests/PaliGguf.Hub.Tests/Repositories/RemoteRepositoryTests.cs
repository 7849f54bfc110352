using PaliGguf.Hub.Http;
using PaliGguf.Hub.Repositories;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests.Repositories;

public sealed class RemoteRepositoryTests
{
    [Fact]
    public async Task A_revision_is_one_commit_and_its_files_are_listed_page_by_page()
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Hub.PageSize = 2;
        for (int i = 0; i < 5; i++) asking.Repository.Add($"file {i}.json", [(byte)i]);
        asking.Repository.Add("weights.bin", Asking.Bytes(1000), linked: true);
        using HubConnection connection = new(asking.Options());

        RemoteRepository repository = await asking.OpenAsync(connection);
        IReadOnlyList<RepositoryFile> files = await repository.ListAsync(CancellationToken.None);

        Assert.Equal(HubRepository.FirstCommit, repository.Commit);
        Assert.Equal(["file 0.json", "file 1.json", "file 2.json", "file 3.json", "file 4.json", "weights.bin"],
            files.Select(file => file.Path));
        Assert.Equal(asking.Repository.Files["weights.bin"].Sha256, files[^1].Sha256);
        Assert.Equal(1000, files[^1].Size);
        Assert.Null(files[0].Sha256);
        Assert.All(asking.Hub.Requests, request => Assert.False(request.ToContent));
    }

    [Fact]
    public async Task A_large_file_comes_from_another_host_that_is_not_told_who_asks()
    {
        await using Asking asking = await Asking.StartAsync();
        byte[] content = Asking.Bytes(300_000);
        asking.Repository.Add("a folder/weights.bin", content, linked: true);

        Assert.Equal(content, await asking.ReadAsync("a folder/weights.bin", asking.Options(LocalHub.Member)));

        Assert.All(asking.Hub.Requests.Where(request => !request.ToContent), request =>
            Assert.Equal("Bearer " + LocalHub.Member, request.Authorization));
        HubRequest elsewhere = Assert.Single(asking.Hub.Requests, request => request.ToContent);
        Assert.Empty(elsewhere.Authorization);
        Assert.DoesNotContain(LocalHub.Member, elsewhere.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org/weights.bin?X-Signature=secret")]
    [InlineData("ftp://127.0.0.1/weights.bin")]
    [InlineData("https://somebody:secret@example.org/")]
    public async Task A_hub_leads_only_to_https(string location)
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Repository.Add("weights.bin", [1], linked: true);
        asking.Hub.Instead = (context, request) =>
            request.Path.Contains("resolve", StringComparison.Ordinal)
                ? LocalHub.Refuse(context, 302, code: null, ("Location", location)) : Task.FromResult(false);

        HubException refused =
            await Assert.ThrowsAsync<HubException>(() => asking.ReadAsync("weights.bin", asking.Options(LocalHub.Member)));

        Assert.Contains("which is not asked", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_leads_in_circles_is_left()
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Hub.Instead = (context, request) => LocalHub.Refuse(context, 307, code: null, ("Location", request.Path));
        using HubConnection connection = new(asking.Options());

        HubException refused = await Assert.ThrowsAsync<HubException>(() => asking.OpenAsync(connection));

        Assert.Contains("leads elsewhere more than 5 times", refused.Message, StringComparison.Ordinal);
        Assert.Equal(6, asking.Hub.Requests.Count);
    }

    [Theory]
    [InlineData(null, "is gated: accept its licence at {page}, make a token")]
    [InlineData(LocalHub.Stranger, "the token's owner has not been let in: accept its licence at {page}")]
    public async Task Who_has_not_accepted_a_licence_is_told_where_to(string? token, string expected)
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Repository.Add("config.json", [1]).Gated = true;

        HubException refused = await Assert.ThrowsAsync<HubException>(() => asking.ReadAsync("config.json", asking.Options(token)));

        Assert.Contains(expected.Replace("{page}", new Uri(asking.Hub.Address, Asking.Name).ToString(), StringComparison.Ordinal),
            refused.Message, StringComparison.Ordinal);
        if (token is not null) Assert.DoesNotContain(token, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_accepted_it_is_let_in()
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Repository.Add("config.json", [1, 2, 3]).Gated = true;

        Assert.Equal([1, 2, 3], await asking.ReadAsync("config.json", asking.Options(LocalHub.Member)));
    }

    [Theory]
    [InlineData("google/none", "main", null, "there is no such repository at 127.0.0.1, or it is private or gated")]
    [InlineData("google/none", "main", LocalHub.Member, "127.0.0.1 has no such repository or file (404)")]
    [InlineData("google/none", "main", "hf_expired", "127.0.0.1 does not take the token (401)")]
    [InlineData(Asking.Name, "no/such", null, "google/tiny@no/such: there is no such revision")]
    public async Task What_is_not_there_is_told(string name, string revision, string? token, string expected)
    {
        await using Asking asking = await Asking.StartAsync();
        using HubConnection connection = new(asking.Options(token));

        HubException refused = await Assert.ThrowsAsync<HubException>(() => asking.OpenAsync(connection, name, revision));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_", refused.Message, StringComparison.Ordinal);
        Assert.Empty(asking.Waits);
    }

    [Theory]
    [InlineData("""[{"type":"file","path":"../outside","size":1,"oid":"0"}]""", "'../outside', which can be no file")]
    [InlineData("""[{"type":"file","path":"/etc/passwd","size":1,"oid":"0"}]""", "which can be no file")]
    [InlineData("""[{"type":"file","path":"a\\b","size":1,"oid":"0"}]""", "which can be no file")]
    [InlineData("""[{"type":"file","path":"C:x","size":1,"oid":"0"}]""", "which can be no file")]
    [InlineData("""[{"type":"file","path":"a","size":-1,"oid":"0"}]""", "without a size")]
    [InlineData("""[{"type":"file","path":"a","size":1,"lfs":{"oid":"12","size":1}}]""", "without its SHA-256")]
    [InlineData("""{"error":"no"}""", "a list of files is expected")]
    [InlineData("""[{"type":"file","path":"\ud800","size":1,"oid":"0"}]""", "text that is not Unicode")]
    [InlineData("""[{"type":"file","path":"a","\udc00":1,"size":1}]""", "text that is not Unicode")]
    [InlineData("<html>", "something else than JSON")]
    public async Task A_list_of_files_is_not_believed_blindly(string list, string expected)
    {
        await using Asking asking = await Asking.StartAsync();
        asking.Hub.Instead = async (context, request) =>
        {
            if (!request.Path.Contains("/tree/", StringComparison.Ordinal)) return false;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, list);
            return true;
        };
        using HubConnection connection = new(asking.Options());
        RemoteRepository repository = await asking.OpenAsync(connection);

        HubException refused = await Assert.ThrowsAsync<HubException>(() => repository.ListAsync(CancellationToken.None));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_with_another_hash_is_refused(bool linked)
    {
        await using Asking asking = await Asking.StartAsync();
        HubContent file = asking.Repository.Add("file", [1, 2, 3], linked).Files["file"];
        if (linked) file.Sha256 = new string('a', 64);
        else file.Blob = new string('a', 40);

        HubException refused = await Assert.ThrowsAsync<HubException>(() => asking.ReadAsync("file"));

        Assert.Contains("its hash is another one", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_nothing_is_asked()
    {
        await using Asking asking = await Asking.StartAsync();

        HubException refused = await Assert.ThrowsAsync<HubException>(() => asking.ReadAsync("config.json", asking.Options(offline: true)));

        Assert.Contains("offline mode", refused.Message, StringComparison.Ordinal);
        Assert.Empty(asking.Hub.Requests);
    }
}
