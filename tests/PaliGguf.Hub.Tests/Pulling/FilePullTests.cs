using PaliGguf.Conversion;

namespace PaliGguf.Hub.Tests.Pulling;

public sealed class FilePullTests
{
    private static readonly byte[] Text = Asking.Bytes(700_000);
    private static readonly byte[] Vision = Asking.Bytes(300_000);

    [Fact]
    public async Task A_pair_is_stored_as_it_is()
    {
        await using Pulls pulls = await WithPairAsync();

        PullResult result = await pulls.PullAsync();

        Assert.Equal(Text, File.ReadAllBytes(result.Item.TextPath!));
        Assert.Equal(Vision, File.ReadAllBytes(result.Item.VisionPath!));
        Assert.Equal("Q8_0", result.Item.Variant);
        Assert.Equal(pulls.Repository.Files["tiny-Q8_0.gguf"].Sha256,
            result.Item.Manifest!.Files.Single(file => file.Name == "tiny-Q8_0.gguf").Sha256);
        Assert.Equal(3, pulls.Files.Count());
    }

    [Fact]
    public async Task Of_several_pairs_one_is_chosen_by_its_type()
    {
        await using Pulls pulls = await WithPairAsync();
        pulls.Repository.Add("tiny-Q4_K_M.gguf", [1, 2, 3], linked: true);

        HubException several = await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());
        PullResult result = await pulls.PullAsync(new PullOptions { Name = Asking.Name, Type = ModelFileType.Q4_K_M });
        HubException none =
            await Assert.ThrowsAsync<HubException>(() =>
                pulls.PullAsync(new PullOptions { Name = Asking.Name, Type = ModelFileType.F16 }));

        Assert.Contains("several text models among its GGUF files (mmproj-tiny-Q8_0.gguf, tiny-Q4_K_M.gguf, tiny-Q8_0.gguf)",
            several.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(result.Item.TextPath!));
        Assert.Contains("no text models of type F16", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_broke_goes_on_after_what_is_there()
    {
        await using Pulls pulls = await WithPairAsync();
        pulls.Hub.CutAfter = request => request.ToContent ? Math.Max(0, 500_000 - pulls.Hub.BytesSent) : null;
        await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());
        pulls.Hub.CutAfter = _ => null;
        pulls.TakeContentRequests();

        PullResult result = await pulls.PullAsync();

        Assert.Equal(Text, File.ReadAllBytes(result.Item.TextPath!));
        Assert.Matches("^bytes=[1-9][0-9]*-699999$", Assert.Single(pulls.TakeContentRequests()).Range);
        Assert.Contains(pulls.Told, told => told.Phase == PullPhase.Checking && told.File == "tiny-Q8_0.gguf");
    }

    [Fact]
    public async Task What_was_damaged_on_the_disk_meanwhile_is_noticed_and_loaded_anew()
    {
        await using Pulls pulls = await WithPairAsync();
        pulls.Hub.CutAfter = request => request.ToContent ? Math.Max(0, 500_000 - pulls.Hub.BytesSent) : null;
        await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());
        pulls.Hub.CutAfter = _ => null;
        string part = Path.Combine(pulls.Home, pulls.Files.Single(file => file.EndsWith(".part", StringComparison.Ordinal)));
        byte[] bytes = File.ReadAllBytes(part);
        bytes[10] ^= 1;
        File.WriteAllBytes(part, bytes);

        HubException refused = await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());

        Assert.Contains("what arrived is not the file", refused.Message, StringComparison.Ordinal);
        Assert.Equal(Text, File.ReadAllBytes((await pulls.PullAsync()).Item.TextPath!));
    }

    [Fact]
    public async Task An_adapter_is_stored_as_peft_has_it()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        pulls.Repository.Add("adapter_config.json", [1]).Add("adapter_model.safetensors", [2, 3], linked: true).Add("README.md", [4]);

        PullResult result = await pulls.PullAsync();

        Assert.Equal(PulledKind.Adapter, result.Item.Manifest!.Kind);
        Assert.Equal(["adapter_config.json", "adapter_model.safetensors", "manifest.json"],
            Directory.GetFiles(result.Item.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_a_data_set_all_files_are_stored_or_those_that_are_named()
    {
        await using Pulls pulls = await Pulls.StartAsync();
        pulls.Hub.Add("datasets/somebody/pictures").Add("data/train.parquet", [1, 2], linked: true).Add("data/test.parquet", [3],
            linked: true).Add("README.md", [4]);
        PullOptions options = new() { Name = "somebody/pictures", Kind = RepositoryKind.Dataset, Include = ["data/t*st.parquet"] };

        PullResult result = await pulls.PullAsync(options);

        Assert.Equal([3], File.ReadAllBytes(Path.Combine(result.Item.Folder, "data", "test.parquet")));
        Assert.Equal(["data/test.parquet"], result.Item.Manifest!.Files.Select(file => file.Name));
        HubException none =
            await Assert.ThrowsAsync<HubException>(() =>
                pulls.PullAsync(options with { Name = "somebody/pictures", Include = ["*.txt"] }));
        Assert.Contains("has no file of these names: *.txt", none.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pt_224.npz", "download it, and name the file to 'paligguf convert'")]
    [InlineData("pytorch_model.bin", "pickled weights")]
    [InlineData("notes.txt", "1 other files (notes.txt)")]
    public async Task What_is_nothing_to_pull_is_named(string file, string expected)
    {
        await using Pulls pulls = await Pulls.StartAsync();
        pulls.Repository.Add(file, [1], linked: true);

        HubException refused = await Assert.ThrowsAsync<HubException>(() => pulls.PullAsync());

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Empty(pulls.Files);
    }

    private static async Task<Pulls> WithPairAsync()
    {
        Pulls pulls = await Pulls.StartAsync();
        pulls.Repository.Add("tiny-Q8_0.gguf", Text, linked: true).Add("mmproj-tiny-Q8_0.gguf", Vision, linked: true).Add("README.md", [1]);
        return pulls;
    }
}
