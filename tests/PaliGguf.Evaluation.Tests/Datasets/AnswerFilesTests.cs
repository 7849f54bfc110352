using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class AnswerFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("p.json", "[{\"image_id\": 7, \"id\": 1, \"caption\": \"a cat\"}]", "7", "a cat")]
    [InlineData("p.json", "[{\"question_id\": 3, \"image_id\": 7, \"answer\": \"yes\"}]", "3", "yes")]
    [InlineData("p.jsonl", "{\"id\": \"x\", \"prompt\": \"caption en\", \"answer\": 42}", "x", "42")]
    [InlineData("p.jsonl", "{\"image\": \"a.png\", \"prediction\": \"\"}", "a.png", "")]
    public void Answers_are_read(string name, string text, string id, string answer) =>
        Assert.Equal(answer, PredictionFile.Read(Write(name, text))[id].Text);

    [Theory]
    [InlineData("[]", "holds no answer")]
    [InlineData("[{\"image_id\": 7}]", "line 1: there is no 'prediction', 'answer', 'caption' or 'text'")]
    [InlineData("[{\"caption\": \"a\"}]", "line 1: there is no 'image_id'")]
    [InlineData("[{\"image_id\": 1.5, \"caption\": \"a\"}]", "is 1.5; expected a text or a whole number")]
    [InlineData("[{\"image_id\": 1, \"caption\": [\"a\"]}]", "expected a text")]
    [InlineData("[{\"id\": 1, \"caption\": \"a\"},\n{\"id\": 1, \"caption\": \"b\"}]", "line 2: there is an answer to '1' already")]
    public void Answers_that_are_malformed_are_an_error(string text, string message) =>
        Assert.Contains(message, Assert.Throws<PaliException>(() => PredictionFile.Read(Write("p.json", text))).Message);

    [Fact]
    public void Captions_of_a_picture_are_gathered()
    {
        IReadOnlyList<ExpectedAnswer> expected = ReferenceFile.Read(Write(
            "r.json",
            """
            {"images": [{"id": 1}], "annotations": [{"image_id": 1, "id": 5, "caption": "a"}, {"image_id": 2, "id": 6, "caption": "b"},
            {"image_id": 1, "id": 7, "caption": "c"}]}
            """));
        Assert.Equal(["1: a c", "2: b"], expected.Select(item => $"{item.Id}: {string.Join(' ', item.References)}"));
    }

    [Fact]
    public void Annotations_of_VQA_have_ten_answers_and_a_type()
    {
        ExpectedAnswer item = ReferenceFile.Read(Write(
            "r.json",
            """{"annotations": [{"question_id": 1, "answer_type": "yes/no", "answers": [{"answer": "yes", "answer_id": 1}, "no"]}]}"""))
            .Single();
        Assert.Equal(["yes", "no"], item.References);
        Assert.Equal("yes/no", item.Type);
    }

    [Fact]
    public void A_line_has_references_or_one_suffix()
    {
        IReadOnlyList<ExpectedAnswer> expected = ReferenceFile.Read(Write(
            "r.jsonl",
            """
            {"image": "a.png", "prefix": "caption th", "suffix": "แมว"}
            {"id": 2, "references": ["x", "y"], "issimple": 0}
            """));
        Assert.Equal(["แมว"], expected[0].References);
        Assert.Null(expected[0].IsSimple);
        Assert.Equal(["x", "y"], expected[1].References);
        Assert.False(expected[1].IsSimple);
    }

    [Fact]
    public void What_a_data_set_expects_goes_by_the_same_ids()
    {
        string sentences = Write(
            "f.json", """[{"image": "a.jpg", "width": 4, "height": 4, "sentences": [{"raw": "left dog"}, "brown dog"], "bbox": [0, 0, 2, 2]}]""");
        string instances = Write(
            "i.json",
            """
            {"images": [{"id": 1, "file_name": "1.jpg", "width": 4, "height": 4}], "categories": [{"id": 18, "name": "dog"}],
             "annotations": [{"image_id": 1, "id": 9, "category_id": 18, "bbox": [0, 0, 2, 2]}]}
            """);
        Directory.CreateDirectory(_folder.File("valid"));
        Write("valid/annotations.jsonl", """{"image": "a.png", "suffix": "a"}""");
        foreach ((string path, string[] ids) in new[]
        {
            (sentences, (string[])["a.jpg/1", "a.jpg/2"]), (instances, ["1/dog"]), (_folder.Path, ["a.png"]),
        })
        {
            Assert.Equal(ids, ReferenceFile.Read(path).Select(item => item.Id));
            Assert.Equal(ids, Dataset.Read(path).Select(item => item.Id));
        }
    }

    [Theory]
    [InlineData("", "holds no expected answer")]
    [InlineData("{\"id\": 1}", "line 1: there is no 'references'")]
    [InlineData("{\"id\": 1, \"answers\": []}", "line 1: its list of expected answers is empty")]
    [InlineData("{\"id\": 1, \"answers\": [{}]}", "line 1: an expected answer is {}")]
    [InlineData("{\"id\": 1, \"answer\": \"a\", \"issimple\": \"no\"}", "line 1: 'issimple'")]
    [InlineData("{\"id\": 1, \"answer\": \"a\"}\n{\"id\": 1, \"answer\": \"a\"}", "line 2: '1' is there already")]
    public void Expected_answers_that_are_malformed_are_an_error(string text, string message) =>
        Assert.Contains(message, Assert.Throws<PaliException>(() => ReferenceFile.Read(Write("r.jsonl", text))).Message);

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
