using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class ObjectResultsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _instances;

    public ObjectResultsTests() => _instances = Write(
        "instances.json",
        """
        {"images": [{"id": 1, "file_name": "1.jpg", "width": 4, "height": 4}, {"id": 2, "file_name": "2.jpg", "width": 4, "height": 4}],
         "annotations": [
          {"image_id": 1, "id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "area": 4, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
          {"image_id": 1, "id": 2, "category_id": 17, "bbox": [1, 1, 3, 3], "area": 9, "segmentation": {"size": [4, 4], "counts": [0, 2, 14]}}],
         "categories": [{"id": 17, "name": "cat"}, {"id": 18, "name": "dog"}]}
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Objects_lie_beside_those_of_their_picture()
    {
        string results = Write("r.json", """[{"image_id": 2, "category_id": 18, "bbox": [0, 1, 2, 3], "score": 0.25}]""");
        Assert.True(ObjectResults.IsOne(results));
        (IReadOnlyDictionary<string, GivenAnswer> given, IReadOnlyList<ExpectedAnswer> expected) = ObjectResults.Read(results, _instances);
        Assert.Equal(["1", "2"], expected.Select(picture => picture.Id));
        Assert.Equal(["dog", "cat"], expected[0].Objects!.Select(each => each.Label));
        Assert.Empty(expected[1].Objects!);
        Assert.Empty(given["1"].Objects!);
        Assert.Equal(new GivenObject("dog", new CocoBox(0, 1, 2, 3), 0.25), given["2"].Objects!.Single());
    }

    [Fact]
    public void What_is_found_where_nothing_is_counts_as_in_COCO()
    {
        const string Right = """{"image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 0.5}""";
        Assert.Equal(0.5, Precision(Right), 6);
        Assert.Equal(0.25, Precision(Right + """, {"image_id": 2, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 0.9}"""), 6);
        Assert.Equal(0.5, Precision(Right + """, {"image_id": 2, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 0.1}"""), 6);

        double Precision(string results)
        {
            (IReadOnlyDictionary<string, GivenAnswer> given, IReadOnlyList<ExpectedAnswer> expected) =
                ObjectResults.Read(Write("r.json", $"[{results}]"), _instances);
            return AnswerMetrics.Score("ap-boxes", AnswerSheet.Create(given, expected)).First(value => value.Name == "box AP").Value;
        }
    }

    [Fact]
    public void A_mask_alone_has_the_box_around_it()
    {
        string results = Write(
            "r.jsonl", """{"image_id": 1, "category_id": 17, "segmentation": {"size": [4, 4], "counts": [5, 2, 9]}, "score": 1}""");
        Assert.Equal(
            new GivenObject("cat", new CocoBox(1, 1, 1, 2), 1), ObjectResults.Read(results, _instances).Given["1"].Objects!.Single());
        Assert.Equal(2, ObjectResults.Read(results, _instances, masks: true).Given["1"].Objects!.Single().Mask!.ToRuns().Area);
    }

    [Theory]
    [InlineData("""{"image_id": 3, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 1}""", "there is no image 3 in")]
    [InlineData("""{"image_id": 1, "category_id": 1, "bbox": [0, 0, 2, 2], "score": 1}""", "there is no category 1 in")]
    [InlineData("""{"image_id": 1, "bbox": [0, 0, 2, 2], "score": 1}""", "there is no 'category_id'")]
    [InlineData("""{"image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2]}""", "there is no 'score' that is a number")]
    [InlineData("""{"image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 1e999}""", "there is no 'score' that is a number")]
    [InlineData("""{"image_id": 1, "category_id": 18, "score": 1}""", "there is no 'bbox' or 'segmentation'")]
    [InlineData("""{"image_id": 1, "category_id": 18, "bbox": [0, 0, -2, 2], "score": 1}""", "'bbox' is no box")]
    [InlineData("""{"image_id": 1, "category_id": 18, "segmentation": {"size": [4, 4], "counts": [99]}, "score": 1}""", "its mask is none")]
    public void What_is_malformed_is_an_error_with_its_line(string line, string message)
    {
        string file = Write("r.jsonl", """{"image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 1}""" + "\n" + line);
        string error = Assert.Throws<PaliException>(() => ObjectResults.Read(file, _instances)).Message;
        Assert.StartsWith($"{file}, line 2: {message}", error);
    }

    [Fact]
    public void Masks_that_are_wanted_must_be_there()
    {
        string file = Write("r.jsonl", """{"image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "score": 1}""");
        Assert.Contains("line 1: there is no 'segmentation'",
            Assert.Throws<PaliException>(() => ObjectResults.Read(file, _instances, masks: true)).Message);
    }

    [Fact]
    public void They_go_with_instances_and_nothing_else()
    {
        string captions = Write(
            "c.json", """{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 1, "category_id": 1, "caption": "a"}]}""");
        Assert.Contains("there is no category 1", Assert.Throws<PaliException>(() => ObjectResults.Read(captions, captions)).Message);
        string empty = Write("e.json", """{"images": [{"id": 1, "file_name": "a"}], "annotations": []}""");
        Assert.Contains("has no 'categories'", Assert.Throws<PaliException>(() => ObjectResults.Read(captions, empty)).Message);
        Assert.False(ObjectResults.IsOne(Write("a.json", """[{"image_id": 1, "caption": "a"}]""")));
        Assert.False(ObjectResults.IsOne(Write("n.json", "[]")));
    }

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
