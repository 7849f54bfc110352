using PaliGguf.Imaging;
using PaliGguf.Tests;
using PaliGguf.Training.Examples;

namespace PaliGguf.Training.Tests.Examples;

public sealed class ExampleSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ExampleSourceTests()
    {
        foreach (string name in new[] { "a.png", "b.png" }) Picture(name);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_examples_and_broken_ones_are_named()
    {
        string file = Text("train.jsonl", """
            {"image": "a.png", "prefix": "caption en", "suffix": "a cat"}
            {"image": "a.png", "prefix":
            {"image": "b.png", "suffix": "a dog"}
            {"image": "a.png", "prefix": "caption en", "suffix": "another cat"}
            {"image": "b.png", "prefix": "caption en"}
            {"image": "c.png", "prefix": "caption en", "suffix": "nobody"}
            7
            """);
        ExampleSource source = new(new DataOptions { Language = "th" });
        Assert.Equal(["caption en: a cat", "caption en: another cat", "caption th: a dog"], Read(source, file));
        Assert.Equal(4, source.Broken.Count);
        Assert.Contains(source.Broken, problem => problem.StartsWith($"{file}, line 2:", StringComparison.Ordinal));
        Assert.Contains(source.Broken, problem => problem.StartsWith($"{file}, line 5:", StringComparison.Ordinal));
        Assert.Contains(source.Broken, problem => problem.StartsWith($"{file}, line 6: there is no picture", StringComparison.Ordinal));
        Assert.Contains(source.Broken, problem => problem.StartsWith($"{file}, line 7:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("train/annotations.jsonl", "train/a.png")]
    [InlineData("_annotations.train.jsonl", "a.png")]
    [InlineData("train.jsonl", "a.png")]
    public void The_training_part_of_a_folder_is_read(string file, string picture)
    {
        Picture(picture);
        Text(file, """{"image": "a.png", "prefix": "caption en", "suffix": "seen"}""");
        Text("valid.jsonl", """{"image": "b.png", "prefix": "caption en", "suffix": "not seen"}""");
        Assert.Equal(["caption en: seen"], Read(new ExampleSource(new DataOptions()), _folder.Path));
    }

    [Fact]
    public void Each_caption_of_a_picture_is_an_example()
    {
        string file = Text("captions.json", """
            {"images": [{"id": 1, "file_name": "a.png"}], "annotations": [{"id": 1, "image_id": 1, "caption": "one"}, {"id": 2, "image_id": 1, "caption": "two"}]}
            """);
        Assert.Equal(["describe: one", "describe: two"], Read(new ExampleSource(new DataOptions { Prompt = "describe" }), file));
    }

    [Fact]
    public void Of_ten_answers_the_most_frequent_one_is_learned()
    {
        string file = Text("vqa.jsonl", """{"image": "a.png", "question": "how many?", "answers": ["2", "two", "two"]}""");
        Assert.Equal(["answer en how many?: two"], Read(new ExampleSource(new DataOptions()), file));
    }

    [Fact]
    public void A_folder_of_pictures_has_its_captions_beside_them()
    {
        Text("a.txt", " a cat\n");
        Text("c.txt", "nobody");
        Picture("d.png");
        Text("d.txt", " ");
        ExampleSource source = new(new DataOptions());
        Assert.Equal(["caption en: a cat"], Read(source, _folder.Path));
        Assert.Equal(["b.png", "c.txt", "d.txt"], source.Broken.Select(problem => Path.GetFileName(problem.Split(": ")[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_but_broken_rows_is_an_error_that_shows_the_first()
    {
        string file = Text("x.jsonl", "{\n}");
        PaliException problem = Assert.Throws<PaliException>(() => Read(new ExampleSource(new DataOptions()), file));
        Assert.Contains("line 1", problem.Message, StringComparison.Ordinal);
    }

    private static string[] Read(ExampleSource source, string path) => [.. source.Read(path).Select(each => $"{each.Prompt}: {each.Answer}")];

    private void Picture(string name)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Save(new RgbImage(2, 2, new byte[12]), path);
    }

    private string Text(string name, string text)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
