using PaliGguf.Conversion;
using PaliGguf.Conversion.Tests;
using PaliGguf.Gguf;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests.Pulling;

public sealed class CheckpointPullTests
{
    private const string Commit = HubRepository.FirstCommit;
    private static readonly PullOptions Q8 = new() { Name = Asking.Name };

    [Theory]
    [InlineData(ModelFileType.Q8_0)]
    [InlineData(ModelFileType.F16)]
    public async Task A_checkpoint_becomes_the_pair_that_convert_makes_of_it_and_is_read_once(ModelFileType type)
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(3);
        pulls.Repository.AddFolder(folder.Path).Add("README.md", new byte[100_000]).Add("onnx/model.safetensors", [1], linked: true);

        PullResult result = await pulls.PullAsync(Q8 with { Type = type });

        ConversionResult expected = await Convert(pulls, folder, type);
        Assert.Equal(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(result.Item.TextPath!));
        Assert.Equal(File.ReadAllBytes(expected.VisionPath), File.ReadAllBytes(result.Item.VisionPath!));
        IEnumerable<string> read = Directory.GetFiles(folder.Path).Where(file => Path.GetFileName(file) != "special_tokens_map.json");
        Assert.Equal(read.Sum(file => new FileInfo(file).Length), pulls.Hub.BytesSent);
        Assert.InRange(result.BytesReceived, pulls.Hub.BytesSent, pulls.Hub.BytesSent + 10_000);
        string place = Path.Combine("models", "google", "tiny", Commit, $"{type}");
        Assert.Equal(
            [Path.Combine(place, "manifest.json"), Path.Combine(place, $"mmproj-tiny-{type}.gguf"),
                Path.Combine(place, $"tiny-{type}.gguf")], pulls.Files);
        Assert.Contains(pulls.Told, told => told.Phase == PullPhase.Converting && told.BytesDone > 0 && told.BytesTotal > 0);
    }

    [Fact]
    public async Task The_files_tell_which_commit_they_are_of()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        pulls.Repository.AddFolder(folder.Path);

        PullResult result = await pulls.PullAsync();

        using GgufFile text = GgufFile.Open(result.Item.TextPath!);
        Assert.Equal(Asking.Name, text.Metadata.GetString("general.source.huggingface.repository"));
        Assert.Equal(Commit, text.Metadata.GetString("general.source.huggingface.commit"));
        Assert.EndsWith($"/google/tiny/tree/{Commit}", text.Metadata.GetString("general.source.url"), StringComparison.Ordinal);
        Assert.Equal((Commit, "main", PulledKind.Pair), (result.Item.Commit, result.Item.Manifest!.Revision, result.Item.Manifest.Kind));
    }

    [Fact]
    public async Task What_is_there_is_not_asked_for_again_and_other_types_lie_beside_it()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        pulls.Repository.AddFolder(folder.Path);
        PullResult first = await pulls.PullAsync();
        pulls.TakeContentRequests();

        PullResult second = await pulls.PullAsync();

        Assert.False(first.WasThere);
        Assert.True(second.WasThere);
        Assert.Equal(first.Item.TextPath, second.Item.TextPath);
        Assert.Empty(pulls.TakeContentRequests());
        Assert.False((await pulls.PullAsync(Q8 with { Type = ModelFileType.F16 })).WasThere);
        Assert.Equal(2, pulls.Client().List().Count);
    }

    [Fact]
    public async Task A_pull_that_broke_goes_on_where_it_was()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.PaliNano).SaveShards(3);
        pulls.Repository.AddFolder(folder.Path);
        long limit = pulls.Repository.Files.Values.Sum(file => file.Length) / 2;
        pulls.Hub.CutAfter = request => request.ToContent ? Math.Max(0, limit - pulls.Hub.BytesSent) : null;
        HubException broken = await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());
        Assert.Contains("given up after 6 attempts", broken.Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(pulls.Client().List()).IsComplete);
        pulls.TakeContentRequests();
        pulls.Hub.CutAfter = _ => null;

        PullResult result = await pulls.PullAsync();

        ConversionResult expected = await Convert(pulls, folder, ModelFileType.Q8_0);
        Assert.Equal(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(result.Item.TextPath!));
        Assert.Equal(File.ReadAllBytes(expected.VisionPath), File.ReadAllBytes(result.Item.VisionPath!));
        Assert.True(result.BytesReceived < limit * 3 / 2, $"{result.BytesReceived} of {2 * limit} bytes, half of which were there");
        Assert.Equal(3, pulls.Files.Count());
    }

    [Fact]
    public async Task A_line_that_breaks_now_and_then_changes_nothing()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma).SaveShards(2);
        pulls.Repository.AddFolder(folder.Path);
        pulls.Hub.CutAfter = request => request.ToContent ? 100_000 : null;

        PullResult result = await pulls.PullAsync();

        ConversionResult expected = await Convert(pulls, folder, ModelFileType.Q8_0);
        Assert.Equal(File.ReadAllBytes(expected.TextPath), File.ReadAllBytes(result.Item.TextPath!));
        Assert.NotEmpty(pulls.Reasons);
    }

    [Fact]
    public async Task What_is_not_the_file_of_the_list_is_refused_and_not_kept()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        pulls.Repository.AddFolder(folder.Path);
        pulls.Repository.Files["model.safetensors"].Sha256 = new string('a', 64);

        ModelFormatException refused = await Assert.ThrowsAsync<ModelFormatException>(() => pulls.PullAsync());

        Assert.Contains("what arrived is not the file: its SHA-256 is", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(pulls.Files, file => file.EndsWith(".gguf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gated_checkpoint_is_pulled_by_whoever_was_let_in()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        pulls.Repository.AddFolder(folder.Path).Gated = true;

        HubException refused = await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());
        PullResult result = await pulls.PullAsync(token: LocalHub.Member);

        Assert.Contains("is gated: accept its licence at", refused.Message, StringComparison.Ordinal);
        Assert.True(result.Item.IsComplete);
        Assert.All(pulls.TakeContentRequests(), request => Assert.Empty(request.Authorization));
        Assert.DoesNotContain(pulls.Files, file =>
            File.ReadAllText(Path.Combine(pulls.Home, file)).Contains(LocalHub.Member, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Offline_what_was_pulled_is_found_and_nothing_else()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder = CheckpointFolder.Copy(CheckpointFolder.Gemma2).SaveSingle();
        pulls.Repository.AddFolder(folder.Path);
        PullResult pulled = await pulls.PullAsync();
        pulls.Hub.Requests.Clear();

        Assert.Equal(pulled.Item.TextPath, (await pulls.PullAsync(offline: true)).Item.TextPath);
        HubException refused =
            await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync(Q8 with { Type = ModelFileType.F16 }, offline: true));

        Assert.Contains("was not pulled before, and in offline mode", refused.Message, StringComparison.Ordinal);
        Assert.Empty(pulls.Hub.Requests);
    }

    [Fact]
    public async Task What_the_conversion_refuses_is_told_as_it_tells_it()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        using CheckpointFolder folder =
            CheckpointFolder.Copy(CheckpointFolder.Gemma2).EditConfig(config => config["model_type"] = "llava").SaveSingle();
        pulls.Repository.AddFolder(folder.Path);

        ModelFormatException refused = await Assert.ThrowsAsync<ModelFormatException>(() => pulls.PullAsync());

        Assert.Contains("llava", refused.Message, StringComparison.Ordinal);
    }

    private static Task<ConversionResult> Convert(Pulls pulls, CheckpointFolder folder, ModelFileType type) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions
        {
            Source = folder.Path,
            OutputFolder = folder.Output,
            Name = "tiny",
            Type = type,
            Origin = new SourceOrigin(Asking.Name, Commit, $"{pulls.Hub.Address}google/tiny/tree/{Commit}"),
        });
}
