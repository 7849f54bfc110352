using PaliGguf.Batch.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class ShardSourceTests : IDisposable
{
    private static readonly byte[] Picture = File.ReadAllBytes(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));

    private readonly TemporaryFolder _folder = new();

    private string Shard => _folder.File("shard.tar");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Members_of_one_name_are_a_sample_and_its_picture_is_read_where_it_lies()
    {
        ShardFile.Write(Shard, ("d/1.json", "{}"u8.ToArray()), ("d/1.png", Picture), ("d/1.txt", [65]), ("d/2.seg.png", [1]),
            ("d/2.txt", []), (".x.png", [1]), ("README", [1]));
        WorkItem[] items = [.. Source().Items()];
        Assert.Equal([$"{Shard}/d/1", $"{Shard}/d/2"], items.Select(item => item.Id));
        Assert.Equal(Picture, await items[0].Picture.ReadAsync());
        Assert.Equal(448, (await items[0].Picture.LoadAsync()).Width);
        Assert.Equal($"{Shard}/d/2.seg.png", items[1].Picture.Name);
        Assert.Equal(2, Source().Count());
    }

    [Fact]
    public void What_a_sample_asks_is_asked_where_it_may_say_it()
    {
        ShardFile.Write(Shard, ("1.jpg", [1]), ("1.json", "{\"prompt\": \"ocr\", \"url\": 5}"u8.ToArray()), ("2.jpg", [1]),
            ("2.json", "{"u8.ToArray()), ("3.jpg", [1]));
        Assert.All(Source().Items(), item => Assert.Empty(item.Questions));
        WorkItem[] items = [.. Source(asks: true).Items()];
        Assert.Equal("ocr", Assert.Single(items[0].Questions).Prompt);
        Assert.Contains("2.json: it is no JSON", items[1].Problem);
        Assert.Null(items[2].Problem);
    }

    [Fact]
    public void A_sample_without_a_picture_fails()
    {
        ShardFile.Write(Shard, ("1.json", "{}"u8.ToArray()), ("2.jpg", [1]));
        WorkItem[] items = [.. Source().Items()];
        Assert.Equal($"{Shard}/1: the sample has no picture.", items[0].Problem);
        Assert.Null(items[1].Problem);
    }

    [Fact]
    public void A_shard_that_breaks_off_fails_once_and_the_next_one_goes_on()
    {
        ShardFile.Write(Shard, ("1.jpg", [1]), ("2.jpg", new byte[2000]));
        File.WriteAllBytes(Shard, File.ReadAllBytes(Shard)[..^2500]);
        string other = _folder.File("z.tar");
        ShardFile.Write(other, ("3.jpg", [1]));
        WorkItem[] items = [.. WorkSources.Open([_folder.File("*.tar")]).Items()];
        Assert.Equal([$"{Shard}", $"{other}/3"], items.Select(item => item.Id));
        Assert.Contains("the file ends within '2.jpg'", items[0].Problem);
    }

    private ShardSource Source(bool asks = false) => new(Shard, new SourceOptions { TablesAsk = asks });
}
