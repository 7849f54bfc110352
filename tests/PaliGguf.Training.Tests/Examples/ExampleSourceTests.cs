using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
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
            {"images": [{"id": 1, "file_name": "a.png"}],
             "annotations": [{"id": 1, "image_id": 1, "caption": "one"}, {"id": 2, "image_id": 1, "caption": "two"}]}
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
        Assert.Equal(["b.png", "c.txt", "d.txt"],
            source.Broken.Select(problem => Path.GetFileName(problem.Split(": ")[0])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Objects_of_COCO_are_one_answer_a_picture()
    {
        string file = Text("instances.json", """
            {"images": [{"id": 1, "file_name": "a.png", "width": 640, "height": 480},
                        {"id": 2, "file_name": "b.png", "width": 10, "height": 10}],
             "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
             "annotations": [
               {"id": 1, "image_id": 1, "category_id": 2, "bbox": [400, 0, 240, 480], "iscrowd": 0},
               {"id": 2, "image_id": 1, "category_id": 1, "bbox": [100, 50, 200, 150], "iscrowd": 0},
               {"id": 3, "image_id": 2, "category_id": 1, "bbox": [1, 1, 2, 2], "iscrowd": 1}]}
            """);
        ExampleSource source = new(new DataOptions());
        Assert.Equal(
            ["detect cat ; dog: <loc0107><loc0160><loc0426><loc0480> cat ; <loc0000><loc0639><loc1023><loc1023> dog"], Read(source, file));
        Assert.Contains("'cat': it is a crowd", Assert.Single(source.Broken), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_that_a_row_asks_for_may_be_none()
    {
        string file = Text("objects.jsonl", """
            {"image": "a.png", "width": 100, "height": 100, "prefix": "detect cat", "objects": [{"label": "cat", "bbox": [0, 0, 50, 100]}]}
            {"image": "b.png", "width": 100, "height": 100, "prefix": "detect cat", "objects": []}
            {"image": "b.png", "prefix": "detect dog", "objects": [{"label": "dog", "bbox": [0, 0, 50, 100]}]}
            """);
        ExampleSource source = new(new DataOptions());
        Assert.Equal(["detect cat: <loc0000><loc0000><loc1023><loc0512> cat", "detect cat: "], Read(source, file));
        Assert.Contains("line 3: the picture has no 'width'", Assert.Single(source.Broken), StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_are_written_beside_boxes()
    {
        string file = Text("objects.jsonl", """
            {"image": "a.png", "width": 64, "height": 64, "prefix": "segment cat", "objects": [{"label": "cat", "bbox": [0, 0, 64, 64],
            """.Trim() + """ "segmentation": [[0, 0, 64, 0, 64, 64]]}]}""");
        MaskEncoder encoder = MaskEncoder.Read(Directory.EnumerateFiles(Repository.PaliNano, "mmproj-*.gguf").Single())!;
        Assert.Matches(@"^segment cat: (<loc\d{4}>){4}(<seg\d{3}>){16} cat$",
            Assert.Single(Read(new ExampleSource(new DataOptions(), encoder), file)));
    }

    [Fact]
    public void Nothing_but_broken_rows_is_an_error_that_shows_the_first()
    {
        string file = Text("x.jsonl", "{\n}");
        PaliException problem = Assert.Throws<PaliException>(() => Read(new ExampleSource(new DataOptions()), file));
        Assert.Contains("line 1", problem.Message, StringComparison.Ordinal);
    }

    private static string[] Read(ExampleSource source, string path) =>
        [.. source.Read(path).Select(each => $"{each.Prompt}: {each.Answer}")];

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
