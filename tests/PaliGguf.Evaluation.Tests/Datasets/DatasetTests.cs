using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("valid/annotations.jsonl", "valid/a.png")]
    [InlineData("test/annotations.jsonl", "test/a.png")]
    [InlineData("_annotations.valid.jsonl", "a.png")]
    [InlineData("dataset/_annotations.valid.jsonl", "dataset/a.png")]
    [InlineData("valid.jsonl", "a.png")]
    public void Lines_of_image_prefix_and_suffix_are_found_in_a_folder(string file, string picture)
    {
        Write(file, """{"image": "a.png", "prefix": "caption en", "suffix": "a cat"}""");
        Write("train/annotations.jsonl", """{"image": "b.png", "prefix": "caption en", "suffix": "a dog"}""");
        EvaluationItem item = Dataset.Read(_folder.Path).Single();
        Assert.Equal(("a.png", "caption en", Path.Combine(_folder.Path, picture)), (item.Id, item.Prompt, item.Picture.Name));
        Assert.Equal(["a cat"], item.Expected.References);
        Assert.Equal("b.png", Dataset.Read(_folder.Path, new DatasetOptions { Split = "train" }).Single().Id);
    }

    [Fact]
    public void A_file_of_lines_has_its_pictures_beside_it_or_in_a_folder()
    {
        string file = Write("x.jsonl", """{"image": "a.png", "suffix": "a cat"}""");
        Assert.Equal(_folder.File("a.png"), Dataset.Read(file).Single().Picture.Name);
        Assert.Equal(_folder.File("p/a.png"), Dataset.Read(file, new DatasetOptions { Images = _folder.File("p") }).Single().Picture.Name);
    }

    [Fact]
    public void What_is_malformed_is_left_out_where_somebody_is_told()
    {
        string file = Write(
            "x.jsonl",
            """
            {"image": "a.png", "suffix": "a"}
            {"image":
            []
            {"image": "b.png"}
            {"image": "a.png", "suffix": "b"}
            """);
        List<string> problems = [];
        DatasetOptions options = new() { Broken = problem => problems.Add(problem.Message), Repeats = true };
        Assert.Equal(["a", "b"], Dataset.Read(file, options).SelectMany(item => item.Expected.References));
        Assert.Equal(3, problems.Count);
        Assert.All(problems.Zip([2, 3, 4]), pair => Assert.StartsWith($"{file}, line {pair.Second}:", pair.First, StringComparison.Ordinal));
        Assert.Throws<PaliException>(() => Dataset.Read(file));
    }

    [Fact]
    public void Items_of_one_picture_follow_each_other_and_have_ids()
    {
        string file = Write(
            "x.jsonl",
            """
            {"image": "a.png", "prefix": "caption en", "suffix": "a"}
            {"image": "b.png", "prefix": "caption en", "suffix": "b"}
            {"image": "a.png", "prefix": "ocr", "suffix": "c"}
            {"id": 7, "image": "c.png", "question": "why?", "answers": ["d", "e"], "type": "why"}
            """);
        Assert.Equal(["a.png", "a.png#2", "b.png", "7"], Dataset.Read(file).Select(item => item.Id));
        EvaluationItem last = Dataset.Read(file)[^1];
        Assert.Equal(("why?", null, "why", $"{file}, line 4"), (last.Question, last.Prompt, last.Expected.Type, last.Origin));
        Assert.Equal(["a.png", "b.png", "a.png#2", "7"], ReferenceFile.Read(file).Select(item => item.Id));
    }

    [Fact]
    public void Captions_of_COCO_are_an_item_a_picture()
    {
        string file = Write(
            "c.json",
            """
            {"images": [{"id": 42, "file_name": "v/42.jpg", "width": 4, "height": 3}],
             "annotations": [{"image_id": 42, "id": 1, "caption": "a"}, {"image_id": 42, "id": 2, "caption": "b"}]}
            """);
        EvaluationItem item = Dataset.Read(file).Single();
        Assert.Equal(("42", _folder.File("v/42.jpg"), new PictureSize(4, 3)), (item.Id, item.Picture.Name, item.Expected.Size));
        Assert.Equal(["a", "b"], item.Expected.References);
    }

    [Fact]
    public void Objects_of_COCO_are_an_item_for_each_category_in_a_picture()
    {
        string file = Write(
            "i.json",
            """
            {"images": [{"id": 1, "file_name": "1.jpg", "width": 4, "height": 4}],
             "annotations": [
              {"image_id": 1, "id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "area": 4, "iscrowd": 0, "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
              {"image_id": 1, "id": 2, "category_id": 17, "bbox": [1, 1, 3, 3], "area": 5.5, "iscrowd": 0, "segmentation": []},
              {"image_id": 1, "id": 3, "category_id": 18, "bbox": [0, 0, 4, 4], "area": 2, "iscrowd": 1, "segmentation": {"size": [4, 4], "counts": [0, 2, 14]}}],
             "categories": [{"id": 17, "name": "cat"}, {"id": 18, "name": "dog"}]}
            """.Replace("\"segmentation\": []", "\"segmentation\": {\"size\": [4, 4], \"counts\": \"02N\"}"));
        IReadOnlyList<EvaluationItem> items = Dataset.Read(file);
        Assert.Equal(["1/dog", "1/cat"], items.Select(item => item.Id));
        Assert.Equal(["dog"], items[0].Labels);
        IReadOnlyList<ExpectedObject> dogs = items[0].Expected.Objects!;
        Assert.Equal(new ExpectedObject("dog", new CocoBox(0, 0, 2, 2), Mask: null, 4), dogs[0]);
        Assert.True(dogs[1].IsCrowd);
        Assert.Equal(5.5, items[1].Expected.Objects![0].Area);
    }

    [Fact]
    public void Masks_are_read_where_they_are_wanted()
    {
        string file = Write(
            "x.jsonl",
            """
            {"image": "a.png", "width": 4, "height": 4, "objects": [
             {"label": "dog", "bbox": [0, 0, 2, 2], "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]},
             {"label": "cat", "bbox": [0, 0, 1, 2], "segmentation": {"size": [4, 4], "counts": [0, 2, 14]}}]}
            """.ReplaceLineEndings(""));
        IReadOnlyList<ExpectedObject> objects = Dataset.Read(file, new DatasetOptions { Masks = true }).Single().Expected.Objects!;
        Assert.Equal([4, 2], objects.Select(each => (int)each.Mask!.ToRuns().Area));
        Assert.Equal([4.0, 2], objects.Select(each => each.Area));
        Assert.Null(Dataset.Read(file).Single().Expected.Objects![0].Mask);
    }

    [Fact]
    public void Masks_are_filled_when_they_are_needed_not_when_they_are_read()
    {
        const string Zigzag = "0,0,10000,9,0,18,10000,27,0,36,10000,45,0,54";
        string objects = string.Join(',', Enumerable.Repeat($$"""{"label": "a", "bbox": [0, 0, 9, 9], "segmentation": [[{{Zigzag}}]]}""", 500));
        string file = Write("x.jsonl", $$"""{"image": "a.png", "width": 10000, "height": 10000, "objects": [{{objects}}]}""");
        long before = GC.GetAllocatedBytesForCurrentThread();
        ExpectedObject read = Dataset.Read(file, new DatasetOptions { Masks = true }).Single().Expected.Objects![^1];
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 8_000_000);
        Assert.Equal(54_451, read.Mask!.ToRuns().Runs.Length);
    }

    [Fact]
    public void Questions_of_VQAv2_find_their_answers_in_another_file_and_their_pictures_by_number()
    {
        string questions = Write(
            "q.json",
            """{"data_subtype": "val2014", "questions": [{"image_id": 42, "question": "what?", "question_id": 42000}]}""");
        string annotations = Write(
            "a.json",
            """{"annotations": [{"question_id": 42000, "image_id": 42, "answer_type": "other", "answers": [{"answer": "a", "answer_id": 1}]}]}""");
        Write("val2014/COCO_val2014_000000000042.jpg", "");
        Write("val2014/COCO_val2014_000000000142.jpg", "");
        EvaluationItem item = Dataset.Read(questions, new DatasetOptions { Annotations = annotations, Images = _folder.File("val2014") }).Single();
        Assert.Equal(("42000", "what?", "other"), (item.Id, item.Question, item.Expected.Type));
        Assert.Equal("COCO_val2014_000000000042.jpg", Path.GetFileName(item.Picture.Name));
    }

    [Theory]
    [InlineData(
        """{"data": [{"question": "q?", "image_id": "003a", "question_id": 34602, "answers": ["x", "y"]}]}""", "34602", "003a.jpg", "q?")]
    [InlineData(
        """{"dataset_name": "docvqa", "data": [{"questionId": 49153, "question": "q?", "image": "documents/p.png", "answers": ["x", "y"]}]}""",
        "49153", "documents/p.png", "q?")]
    [InlineData("""[{"imgname": "41.png", "query": "q?", "label": "x"}]""", "41.png", "41.png", "q?")]
    [InlineData("""[{"image": "v/1.jpg", "question": "q?", "answer": 2, "question_id": 5, "issimple": true}]""", "5", "v/1.jpg", "q?")]
    [InlineData("""[{"question_id": 1, "image": "c.jpg", "text": "q?", "label": "no"}]""", "1", "c.jpg", "q?")]
    public void Questions_of_other_sets_stand_with_their_answers(string text, string id, string picture, string question)
    {
        Write(picture, "");
        EvaluationItem item = Dataset.Read(Write("q.json", text)).Single();
        Assert.Equal((id, _folder.File(picture), question), (item.Id, item.Picture.Name, item.Question));
        Assert.NotEmpty(item.Expected.References);
    }

    [Fact]
    public void Expressions_that_refer_to_an_object_are_an_item_each()
    {
        string flat = Write(
            "f.json",
            """
            [{"image": "a.jpg", "width": 4, "height": 4, "sentences": [{"raw": "left dog"}, "brown dog"], "bbox": [0, 0, 2, 2],
              "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]}]
            """);
        string coco = Write(
            "r.json",
            """
            {"images": [{"id": 1, "file_name": "a.jpg", "width": 4, "height": 4}], "categories": [{"id": 18, "name": "dog"}],
             "annotations": [{"id": 9, "image_id": 1, "category_id": 18, "bbox": [0, 0, 2, 2], "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]}],
             "refs": [{"ref_id": 3, "ann_id": 9, "image_id": 1, "sentences": [{"sent": "left dog"}, {"sent": "brown dog"}]}]}
            """);
        foreach ((string file, string id) in new[] { (flat, "a.jpg"), (coco, "3") })
        {
            IReadOnlyList<EvaluationItem> items = Dataset.Read(file, new DatasetOptions { Masks = true });
            Assert.Equal([$"{id}/1", $"{id}/2"], items.Select(item => item.Id));
            Assert.Equal(["left dog", "brown dog"], items.Select(item => item.Question));
            Assert.All(items, item => Assert.Equal(4, item.Expected.Objects!.Single().Mask!.ToRuns().Area));
        }
    }

    [Theory]
    [InlineData("""{"image": "a.png", "suffix": """, "line 2: it is no JSON")]
    [InlineData("""{"image": "a.png"}""", "line 2: there is no 'references'")]
    [InlineData("""{"suffix": "a"}""", "line 2: there is no 'image_id'")]
    [InlineData("""{"image": {"bytes": "a"}, "suffix": "a"}""", "line 2: 'image'")]
    [InlineData("""{"image": "../a.png", "suffix": "a"}""", "line 2: the picture '../a.png' is not in the folder")]
    [InlineData("""{"image": "/etc/a.png", "suffix": "a"}""", "line 2: the picture '/etc/a.png' is not in the folder")]
    [InlineData("""{"image": "a/../../a.png", "suffix": "a"}""", "line 2: the picture 'a/../../a.png' is not in the folder")]
    [InlineData("""{"image": ".", "suffix": "a"}""", "line 2: the picture '.' is not in the folder")]
    [InlineData("""{"image": "a\u0000.png", "suffix": "a"}""", "line 2: its picture has no name")]
    [InlineData("""{"id": 1, "image": "a.png", "suffix": "a"}""", "line 2: '1' is there already, in line 1")]
    [InlineData("""{"image": "a.png", "suffix": "a", "prefix": 1.5, "objects": [1]}""", "line 2: one of its objects is none")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3]}""", "line 2: 'bbox' is no box")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, -3, 4]}""", "line 2: 'bbox' is no box")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, "x"]}""", "line 2: bbox is no list of numbers")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 1e999]}""", "line 2: bbox is no list of numbers")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "segmentation": [[1, 2, 3]]}""", "line 2: its mask is of polygons, which need")]
    [InlineData("""{"image": "a.png", "width": 4, "height": 4, "bbox": [1, 2, 3, 4], "segmentation": [[1, 2, 3]]}""", "line 2: its mask is none")]
    [InlineData("""{"image": "a.png", "width": 4, "height": 4, "bbox": [1, 2, 3, 4], "segmentation": 5}""", "line 2: 'segmentation'")]
    [InlineData("""{"image": "a.png", "width": 100000, "height": 100000, "bbox": [1, 2, 3, 4]}""", "line 2: the picture")]
    [InlineData("""{"image": "a.png", "width": 0, "height": 4, "bbox": [1, 2, 3, 4]}""", "line 2: the picture's width")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "mask": {"size": [4, 4], "counts": [0, 99]}}""", "line 2: its mask is none")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "mask": {"size": [4], "counts": [0, 99]}}""", "line 2: the runs of its mask")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "mask": {"size": [4, 4], "counts": [0.5, 99]}}""", "line 2: a run is no number")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "iscrowd": 2}""", "line 2: 'iscrowd'")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "area": "a"}""", "line 2: 'area'")]
    [InlineData("""{"image": "a.png", "bbox": [1, 2, 3, 4], "sentences": [{}]}""", "line 2: a sentence has no text")]
    public void A_line_that_is_malformed_is_an_error_with_file_and_line(string line, string message)
    {
        string file = Write("x.jsonl", """{"id": 1, "image": "z.png", "suffix": "z"}""" + "\n" + line);
        string error = Assert.Throws<PaliException>(() => Dataset.Read(file, new DatasetOptions { Masks = true })).Message;
        Assert.StartsWith($"{file}, {message}", error);
    }

    [Fact]
    public void The_same_question_twice_is_an_error()
    {
        const string Line = """{"image": "a.png", "prefix": "caption en", "suffix": "a"}""";
        string file = Write("x.jsonl", Line + "\n" + Line);
        Assert.Contains("line 2: the same is asked of 'a.png' in line 1", Assert.Throws<PaliException>(() => Dataset.Read(file)).Message);
    }

    [Theory]
    [InlineData("""{"images": [{"id": 1}], "annotations": [{"image_id": 1, "caption": "a"}]}""", "there is no 'file_name'")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 2, "caption": "a"}]}""", "there is no image 2")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}, {"id": 1, "file_name": "a"}], "annotations": []}""", "'1' is there already")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}], "annotations": [{"image_id": 1}]}""", "there is no 'caption'")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}]}""", "expected an array, or an object with 'annotations'")]
    [InlineData("""{"images": [{"id": 1, "file_name": "a"}], "annotations": []}""", "it holds no items")]
    [InlineData(
        """{"images": [{"id": 1, "file_name": "a"}], "categories": [{"id": 1, "name": "x"}], "annotations": [{"image_id": 1, "category_id": 2}]}""",
        "there is no category 2")]
    [InlineData("""{"questions": [{"question_id": 1, "image_id": 1, "question": "a"}]}""", "there is no 'references'")]
    [InlineData("""{"info": []}""", "expected an array, or an object with 'images'")]
    public void A_file_that_is_malformed_is_an_error(string text, string message)
    {
        Write("1.jpg", "");
        Assert.Contains(message, Assert.Throws<PaliException>(() => Dataset.Read(Write("c.json", text))).Message);
    }

    [Fact]
    public void A_question_without_an_answer_is_an_error()
    {
        Write("1.jpg", "");
        string questions = Write("q.json", """{"questions": [{"question_id": 1, "image_id": 1, "question": "a"}]}""");
        string annotations = Write("a.json", """{"annotations": [{"question_id": 2, "answers": ["a"]}]}""");
        Assert.Contains(
            "line 1: the annotations have no answer to '1'",
            Assert.Throws<PaliException>(() => Dataset.Read(questions, new DatasetOptions { Annotations = annotations })).Message);
    }

    [Fact]
    public void A_number_that_two_pictures_end_in_is_an_error()
    {
        Write("a_1.jpg", "");
        Write("b_01.jpg", "");
        string file = Write("x.jsonl", """{"image_id": 1, "suffix": "a"}""");
        Assert.Contains("may be a_1.jpg or b_01.jpg", Assert.Throws<PaliException>(() => Dataset.Read(file)).Message);
    }

    [Fact]
    public void A_folder_without_a_data_set_is_an_error()
    {
        Assert.Contains("it holds no data set", Assert.Throws<PaliException>(() => Dataset.Read(_folder.Path)).Message);
        Write("valid/annotations.jsonl", "");
        Assert.Contains("it holds no items", Assert.Throws<PaliException>(() => Dataset.Read(_folder.Path)).Message);
        DatasetOptions options = new() { Split = "test" };
        Assert.Contains("of the part 'test'", Assert.Throws<PaliException>(() => Dataset.Read(_folder.Path, options)).Message);
    }

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
