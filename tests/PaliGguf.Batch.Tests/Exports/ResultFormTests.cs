using System.Text.Json;
using Apache.Arrow;
using PaliGguf.Batch.Exports;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Tests.Journals;
using PaliGguf.Tests;
using ParquetSharp.Arrow;

namespace PaliGguf.Batch.Tests.Exports;

public sealed class ResultFormTests : IDisposable
{
    private const string Found = """
        {"detections": [{"label": "cat", "score": 0.9, "box": [10, 20, 30.5, 60], "boxNormalized": [0, 0, 1, 1],
          "mask": {"rle": {"size": [4, 5], "counts": "abc"}, "polygons": []}}, {"label": "cow", "score": 0.5, "box": [0, 0, 1, 1], "boxNormalized": [0, 0, 1, 1]}], "rejected": [], "text": "..."}
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parquet_has_a_row_for_each_answer()
    {
        string path = Write("out.parquet", Line("ก.jpg", "caption", "{\"text\": \"แมว\"}"), Line("b.jpg", null, "{\"other\": 1}"));
        using FileReader reader = new(path);
        using var stream = reader.GetRecordBatchReader();
        RecordBatch batch = (await stream.ReadNextRecordBatchAsync())!;
        string[] Column(string name) =>
            [.. Enumerable.Range(0, batch.Length).Select(row => ((StringArray)batch.Column(name)).GetString(row) ?? "null")];
        Assert.Equal(["ก.jpg", "b.jpg"], Column("id"));
        Assert.Equal(["caption", "null"], Column("task"));
        Assert.Equal(["แมว", "null"], Column("text"));
        Assert.Equal(["{\"text\":\"แมว\"}", "{\"other\":1}"], Column("answer"));
    }

    [Fact]
    public void Cocos_captions_have_the_number_of_the_picture_or_else_its_id()
    {
        string path = Write("out.json", Line("val/000000000042.jpg", "caption", "{\"text\": \"a\"}"),
            Line("COCO_val2014_000000000007.jpg", "caption", "{\"text\": \"b\"}"), Line("x/scene_1.png", "caption", "{\"text\": \"c\"}"));
        Assert.Equal(
            "[{\"image_id\":42,\"caption\":\"a\"},{\"image_id\":7,\"caption\":\"b\"},{\"image_id\":\"x/scene_1.png\",\"caption\":\"c\"}]",
            File.ReadAllText(path));
    }

    [Fact]
    public void Cocos_objects_have_left_top_width_and_height_and_the_number_of_their_label()
    {
        string path = Write("out.json", Line("1.jpg", "segment dog ; cat", Found));
        Assert.Equal(
            "[{\"image_id\":1,\"category_id\":2,\"bbox\":[10,20,20.5,40],\"score\":0.9,\"segmentation\":{\"size\":[4,5],\"counts\":\"abc\"}}]", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("""{"detections": [{"label": "cat", "score": 1, "box": [1], "boxNormalized": []}]}""", "whose box or mask is none")]
    [InlineData("""{"detections": [{"label": "cat", "score": 1, "box": [1, 2, 3, 4], "mask": {"rle": {"size": []}}}]}""",
        "whose box or mask is none")]
    [InlineData("""{"detections": [{"score": 1, "box": [1, 2, 3, 4]}]}""", "whose box or mask is none")]
    [InlineData("""{"detections": [null]}""", "whose box or mask is none")]
    [InlineData("""{"detections": 5}""", "its answer holds no objects: ")]
    [InlineData("""{"text": "a cat"}""", "its answer holds no objects.")]
    [InlineData("5", "it is no result of a batch")]
    public void What_a_worker_of_another_release_answers_may_be_no_object(string answer, string problem) => Assert.Contains(
        problem,
        Assert.Throws<PaliException>(() => Write("out.json", Line("1.jpg", "detect cat", Found), Line("2.jpg", null, answer))).Message);

    [Fact]
    public void Text_that_is_not_Unicode_is_no_result()
    {
        ResultPaths paths = new(_folder.File("out.json"));
        File.WriteAllText(paths.Lines, """{"id": "1.jpg", "source": "a", "prompt": "b", "answer": {"text": "\ud800"}}""");
        Assert.Contains("it is no result of a batch",
            Assert.Throws<PaliException>(() => ResultForm.Write(paths, CocoCategories.Of([]))).Message);
    }

    [Fact]
    public void Categories_may_come_from_cocos_annotations()
    {
        string file = _folder.File("instances.json");
        File.WriteAllText(file, "{\"images\": [], \"categories\": [{\"id\": 17, \"name\": \"cat\"}, {\"id\": 21, \"name\": \"cow\"}]}");
        CocoCategories categories = CocoCategories.Read(file);
        Assert.Equal(("17", "21", null), (categories.Find("cat"), categories.Find("cow"), categories.Find("dog")));
        File.WriteAllText(file, "{\"images\": []}");
        Assert.Contains("'categories'", Assert.Throws<PaliException>(() => CocoCategories.Read(file)).Message);
    }

    [Theory]
    [InlineData("out.csv", "expected a name ending in", "caption")]
    [InlineData("out.json", "captions or objects", "caption", "detect cat")]
    [InlineData("out.json", "2 texts are asked", "caption", "describe")]
    public void A_form_that_can_not_hold_the_answers_is_refused_before_anything_is_asked(
        string name, string problem, params string[] tasks) =>
        Assert.Contains(problem,
            Assert.Throws<PaliException>(
            () => ResultForm.Check(new ResultPaths(name), [.. tasks.Select(task => Question.OfTask(task))])).Message);

    [Fact]
    public void A_caption_lies_beside_its_picture()
    {
        string picture = _folder.Write("a.jpg", [1]);
        CaptionFiles.Write(new ItemAnswer("a", [Line(picture, "caption", "{\"text\": \"แมว\"}"), Line(picture, "detect cat", Found)], []));
        Assert.Equal("แมว\n", File.ReadAllText(_folder.File("a.txt")));
        Assert.Contains("no file of its own",
            Assert.Throws<PaliException>(
            () => CaptionFiles.Write(new ItemAnswer("b", [Line("s.tar/b.jpg", "caption", "{\"text\": \"x\"}")], []))).Message);
        Assert.Throws<PaliException>(() => CaptionFiles.Check([Question.OfTask("caption"), Question.OfTask("ocr")]));
    }

    private static AnswerLine Line(string id, string? task, string answer) =>
        new(id, id, task ?? "prompt", JsonSerializer.SerializeToElement(JsonDocument.Parse(answer).RootElement)) { Task = task };

    private string Write(string name, params AnswerLine[] lines)
    {
        ResultPaths paths = new(_folder.File(name));
        using (ResultJournal results = ResultJournal.Open(paths, JournalFileTests.Facts))
        {
            foreach (AnswerLine line in lines) results.Append(new ItemAnswer(line.Id, [line], []));
        }

        ResultForm.Write(paths, CocoCategories.Of(lines.Where(line => line.Task is not null).Select(line => Question.OfTask(line.Task!))));
        return paths.Results;
    }
}
