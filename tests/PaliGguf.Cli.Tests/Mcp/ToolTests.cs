using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Mcp;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Hosting.Json;
using PaliGguf.Imaging;
using PaliGguf.Tasks;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Mcp;

/// <summary>What the tools answer, through the protocol's own client.</summary>
public sealed class ToolTests(ServedSamples served) : IClassFixture<ServedSamples>
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();
    private readonly ToolClient _client = served.Client;

    [Fact]
    public async Task The_tools_are_listed_with_what_they_take_and_give()
    {
        Assert.Equal("paligguf", _client.Server.Name);
        IReadOnlyDictionary<string, Tool> tools = await _client.ListAsync();
        Assert.Equal(
            ["ask_each", "ask_image", "ask_video", "caption_image", "choose_answer", "describe_image", "detect_objects", "generate_text", "read_text", "segment_objects"],
            tools.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["image", "language", "path"], Names(tools["describe_image"].InputSchema));
        Assert.Equal(["answers", "image", "path", "prompt"], Names(tools["choose_answer"].InputSchema));
        Assert.Equal(["image", "path", "paths", "prompt"], Names(tools["generate_text"].InputSchema));
        Assert.Equal(["frames", "path", "prompt"], Names(tools["ask_video"].InputSchema));
        Assert.Equal(["language", "paths", "prompt"], Names(tools["ask_each"].InputSchema));
        Assert.Equal(["image", "language", "path"], Names(tools["caption_image"].InputSchema));
        Assert.Equal(["image", "language", "path", "question"], Names(tools["ask_image"].InputSchema));
        Assert.Equal(["annotate", "image", "maxOverlap", "minScore", "objects", "path"], Names(tools["detect_objects"].InputSchema));
        Assert.Equal(["annotate", "image", "maxOverlap", "minScore", "objects", "path"], Names(tools["segment_objects"].InputSchema));
        Assert.Equal(["image", "path"], Names(tools["read_text"].InputSchema));
        Assert.Equal(["objects"], tools["detect_objects"].InputSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.All(tools.Values, tool =>
        {
            Assert.True(tool.Description!.Length > 20);
            Assert.True(tool.Annotations!.ReadOnlyHint);
            Assert.All(tool.InputSchema.GetProperty("properties").EnumerateObject(), property =>
            {
                Assert.True(property.Value.GetProperty("description").GetString()!.Length > 20, property.Name);
                Assert.Equal(JsonValueKind.String, property.Value.GetProperty("type").ValueKind);
            });
        });
    }

    [Fact]
    public async Task Results_have_what_their_schemas_require()
    {
        IReadOnlyDictionary<string, Tool> tools = await _client.ListAsync();
        foreach ((string tool, (string, object?)[] arguments) in new (string, (string, object?)[])[]
        {
            ("caption_image", [("path", "scene_01.png")]),
            ("ask_image", [("path", "scene_01.png"), ("question", "is there a turtle?")]),
            ("read_text", [("path", "scene_01.png")]),
            ("detect_objects", [("path", "scene_01.png"), ("objects", new[] { "turtle" })]),
            ("segment_objects", [("path", "scene_01.png"), ("objects", new[] { "turtle" })]),
            ("choose_answer", [("path", "scene_01.png"), ("prompt", "answer en is there a turtle?"), ("answers", new[] { "yes", "no" })]),
            ("ask_each", [("paths", new[] { "scene_01.png", "none.png" })]),
        })
        {
            JsonElement content = ToolClient.Structured(await _client.CallAsync(tool, arguments));
            AssertFits(content, tools[tool].OutputSchema!.Value, tool);
        }
    }

    [Fact]
    public async Task Texts_are_those_of_the_reference()
    {
        foreach (NanoAnswer golden in Goldens.Where(golden => !golden.HasBoxes).Take(10))
        {
            string path = Path.GetFileName(golden.Image);
            string[] words = golden.Prompt.Split(' ', 3);
            CallToolResult? result = words[0] switch
            {
                "caption" => await _client.CallAsync("caption_image", ("path", path), ("language", words[1])),
                "answer" => await _client.CallAsync("ask_image", ("path", path), ("question", words[2]), ("language", words[1])),
                "ocr" => await _client.CallAsync("read_text", ("path", path)),
                _ => null,
            };
            if (result is null) continue;
            Assert.Equal(golden.Text, ToolClient.Text(result));
            Assert.Equal(golden.Text, ToolClient.Structured(result).GetProperty("text").GetString());
            Assert.Equal("stop", ToolClient.Structured(result).GetProperty("finishReason").GetString());
        }
    }

    [Fact]
    public async Task A_description_is_that_of_its_prompt() => Assert.Equal(
        await _client.TextAsync("generate_text", ("path", "scene_01.png"), ("prompt", "describe en")), await _client.TextAsync("describe_image", ("path", "scene_01.png")));

    [Fact]
    public async Task The_right_one_of_some_answers_is_chosen()
    {
        JsonElement choices = ToolClient.Structured(await _client.CallAsync(
            "choose_answer", ("path", "scene_01.png"), ("prompt", "answer en is there a turtle?"), ("answers", new[] { "no", "yes" }))).GetProperty("choices");
        Assert.Equal("yes", choices.EnumerateArray().MaxBy(choice => choice.GetProperty("probability").GetDouble()).GetProperty("text").GetString());
        Assert.Contains("more than once", await _client.ErrorAsync("choose_answer", ("path", "scene_01.png"), ("prompt", "p"), ("answers", new[] { "a", "a" })));
    }

    [Fact]
    public async Task Several_pictures_are_looked_at_together_as_far_as_there_is_room()
    {
        Assert.NotEqual("", await _client.TextAsync("generate_text", ("paths", new[] { "scene_01.png", "scene_02.png" }), ("prompt", "caption en")));
        Assert.Contains("--images 3", await _client.ErrorAsync(
            "generate_text", ("paths", new[] { "scene_01.png", "scene_02.png", "scene_03.png" }), ("prompt", "caption en")));
        Assert.Contains("not within", await _client.ErrorAsync("generate_text", ("paths", new[] { "scene_01.png", served.Outside.Path }), ("prompt", "caption en")));
    }

    [Fact]
    public async Task An_animation_is_a_video()
    {
        string gif = served.Folder.File("still.gif");
        ImageFile.Save(ImageFile.Load(BuiltProgram.Sample), gif);
        Assert.Equal("a turtle on an orange background", await _client.TextAsync("ask_video", ("path", gif), ("prompt", "caption en")));
        Assert.Contains("--images 16", await _client.ErrorAsync("ask_video", ("path", gif), ("prompt", "caption en"), ("frames", 16)));
        Assert.Contains("this is a folder", await _client.ErrorAsync("ask_video", ("path", served.Folder.Path), ("prompt", "caption en")));
        Assert.Contains("not within", await _client.ErrorAsync("ask_video", ("path", served.Outside.Path), ("prompt", "caption en")));
    }

    [Fact]
    public async Task Each_of_many_pictures_has_an_answer_or_an_error()
    {
        JsonElement[] answers = [.. ToolClient.Structured(await _client.CallAsync("ask_each", ("paths", new[] { "scene_01.png", "none.png", "scene_02.png" })))
            .GetProperty("answers").EnumerateArray()];
        Assert.Equal(["scene_01.png", "none.png", "scene_02.png"], answers.Select(answer => answer.GetProperty("file").GetString()));
        Assert.Equal("a turtle on an orange background", answers[0].GetProperty("text").GetString());
        Assert.Contains("no such file", answers[1].GetProperty("error").GetString());
        Assert.Equal("two bananas on a blue background", answers[2].GetProperty("text").GetString());
        Assert.Contains("not within", await _client.ErrorAsync("ask_each", ("paths", new[] { served.Outside.Path })));
    }

    [Fact]
    public async Task Boxes_and_masks_are_the_librarys()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { Threads = 1 });
        Scene scene = new("scene_01");
        RgbImage picture = ImageFile.Load(scene.Picture);
        string[] objects = ["turtle", "guitar"];

        DetectionResult detection = await model.DetectAsync(picture, objects);
        CallToolResult detected = await _client.CallAsync("detect_objects", ("path", scene.Picture), ("objects", objects));
        AssertSame(InstancesJson.From(detection, detection.Detections), detected);
        Assert.Single(detection.Detections);

        SegmentationResult segmentation = await model.SegmentAsync(picture, objects);
        CallToolResult segmented = await _client.CallAsync("segment_objects", ("path", scene.Picture), ("objects", objects));
        AssertSame(InstancesJson.From(segmentation, segmentation.Segments), segmented);
        Assert.IsType<Segment>(Assert.Single(segmentation.Segments));
    }

    [Fact]
    public async Task A_score_that_nothing_reaches_leaves_nothing() =>
        Assert.Empty(ToolClient.Structured(await _client.CallAsync("detect_objects", ("path", "scene_01.png"), ("objects", new[] { "turtle" }), ("minScore", 1), ("maxOverlap", 0.5)))
            .GetProperty("detections").EnumerateArray());

    [Theory]
    [InlineData("detect_objects")]
    [InlineData("segment_objects")]
    public async Task An_annotated_picture_comes_with_the_boxes_on_it(string tool)
    {
        CallToolResult result = await _client.CallAsync(tool, ("path", "scene_01.png"), ("objects", new[] { "turtle" }), ("annotate", true));
        ImageContentBlock drawing = Assert.IsType<ImageContentBlock>(result.Content[1]);
        Assert.Equal("image/png", drawing.MimeType);
        RgbImage drawn = ImageFile.Load(drawing.DecodedData.Span), original = ImageFile.Load(BuiltProgram.Sample);
        Assert.Equal((original.Width, original.Height), (drawn.Width, drawn.Height));
        Assert.False(original.Pixels.SequenceEqual(drawn.Pixels));
    }

    [Fact]
    public async Task A_large_picture_is_annotated_in_a_size_that_can_be_sent()
    {
        served.Folder.Write("large.png", PngBytes.Black(3000, 1500));
        CallToolResult result = await _client.CallAsync("detect_objects", ("path", served.Folder.File("large.png")), ("objects", new[] { "turtle" }), ("annotate", true));
        RgbImage drawn = ImageFile.Load(Assert.IsType<ImageContentBlock>(result.Content[1]).DecodedData.Span);
        Assert.Equal((1024, 512), (drawn.Width, drawn.Height));
    }

    [Fact]
    public async Task A_picture_may_come_with_the_call()
    {
        string base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(BuiltProgram.Sample));
        Assert.Equal("a turtle on an orange background", await _client.TextAsync("caption_image", ("image", base64)));
        Assert.Equal("a turtle on an orange background", await _client.TextAsync("caption_image", ("image", "data:image/png;base64," + base64), ("path", null)));
        string forUrls = "DATA:application/octet-stream;BASE64," + base64.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Assert.Equal("a turtle on an orange background", await _client.TextAsync("caption_image", ("image", forUrls)));
        Assert.Equal("a turtle on an orange background", await _client.TextAsync("caption_image", ("path", forUrls)));
    }

    [Fact]
    public async Task Calls_at_once_get_what_one_alone_gets()
    {
        NanoAnswer[] captions = [.. Goldens.Where(golden => golden.Prompt == "caption en").Take(8)];
        string[] alone = new string[captions.Length];
        for (int index = 0; index < alone.Length; index++) alone[index] = await _client.TextAsync("caption_image", ("path", captions[index].Image));
        string[] together = await Task.WhenAll(captions.Select(golden => _client.TextAsync("caption_image", ("path", golden.Image))));
        Assert.Equal(alone, together);
        Assert.True(alone.Distinct().Count() > 3);
    }

    [Fact]
    public async Task Progress_is_told_to_whoever_asks_and_only_grows()
    {
        List<ProgressNotificationValue> told = [];
        Told progress = new(told);
        await _client.CallAsync("caption_image", progress, CancellationToken.None, ("path", "scene_01.png"));
        // A notification may be handled after the result that it came before.
        await progress.First.WaitAsync(TimeSpan.FromSeconds(30));
        lock (told)
        {
            Assert.Contains(told, value => value.Message == "looking at the picture");
            Assert.All(told, value => Assert.Equal(2, value.Total));
            Assert.Equal(told.Select(value => value.Progress).Distinct().Count(), told.Count);
        }
    }

    [Theory]
    [InlineData("either 'path', a file that the server may read, or 'image'", """{}""")]
    [InlineData("either 'path'", """{ "path": "scene_01.png", "image": "AAAA" }""")]
    [InlineData("There is no field 'pth': there are language, path, image", """{ "pth": "scene_01.png" }""")]
    [InlineData("path: expected a text, found a number", """{ "path": 7 }""")]
    [InlineData("no valid base64", """{ "image": "%%%" }""")]
    [InlineData("without ';base64'", """{ "image": "data:image/png,x" }""")]
    [InlineData("is an address (https:)", """{ "image": "https://example.org/a.png" }""")]
    [InlineData("language: expected a text", """{ "path": "scene_01.png", "language": ["en"] }""")]
    [InlineData("'xx' is not a language code", """{ "path": "scene_01.png", "language": "xx" }""")]
    [InlineData("'so far' is not a language code", """{ "path": "scene_01.png", "language": "so far" }""")]
    public async Task Arguments_that_make_no_sense(string expected, string arguments) => Assert.Contains(expected, await FailAsync("caption_image", arguments));

    [Theory]
    [InlineData("question is missing", "ask_image", """{ "path": "scene_01.png" }""")]
    [InlineData("'question' is empty", "ask_image", """{ "path": "scene_01.png", "question": " " }""")]
    [InlineData("objects is missing", "detect_objects", """{ "path": "scene_01.png" }""")]
    [InlineData("objects is missing", "detect_objects", """{ "path": "scene_01.png", "objects": [] }""")]
    [InlineData("objects is missing", "detect_objects", """{ "path": "scene_01.png", "objects": " " }""")]
    [InlineData("objects: expected a list of texts", "detect_objects", """{ "path": "scene_01.png", "objects": 7 }""")]
    [InlineData("objects: expected a list of texts", "detect_objects", """{ "path": "scene_01.png", "objects": "['turtle']" }""")]
    [InlineData("minScore: expected a number", "detect_objects",
        """{ "path": "scene_01.png", "objects": ["turtle"], "minScore": "high" }""")]
    [InlineData("annotate: expected true or false",
        "detect_objects", """{ "path": "scene_01.png", "objects": ["turtle"], "annotate": "perhaps" }""")]
    [InlineData("objects[0]", "detect_objects", """{ "path": "scene_01.png", "objects": [7] }""")]
    [InlineData("is out of range", "detect_objects", """{ "path": "scene_01.png", "objects": ["turtle"], "minScore": 7 }""")]
    [InlineData("location or codeword token", "segment_objects", """{ "path": "scene_01.png", "objects": ["<loc0001>"] }""")]
    public async Task Requests_that_make_no_sense(string expected, string tool, string arguments)
    {
        string message = await FailAsync(tool, arguments);
        Assert.Contains(expected, message);
        Assert.DoesNotContain("PaliGguf.", message);
        Assert.DoesNotContain("System.", message);
    }

    [Theory]
    [InlineData("bicycle", """{ "objects": "bicycle" }""")]
    [InlineData("bicycle", """{ "objects": "[\"bicycle\"]" }""")]
    [InlineData("bicycle", """{ "objects": "\"bicycle\"", "minScore": "0", "maxOverlap": "0.9", "annotate": "false" }""")]
    [InlineData("bicycle|lion", """{ "objects": "bicycle ; lion" }""")]
    [InlineData("bicycle|lion", """{ "objects": ["bicycle ; lion"] }""")]
    [InlineData("bicycle|lion", """{ "objects": "[\"bicycle\", \"lion\"]" }""")]
    public async Task Lists_and_numbers_may_be_texts(string labels, string arguments)
    {
        const string Scene = "scene_04.png";
        async Task<string> FindAsync(JsonObject given)
        {
            given["path"] = Scene;
            JsonElement found =
                ToolClient.Structured(
                    await _client.CallAsync("detect_objects", [.. given.Select(argument => (argument.Key, (object?)argument.Value))]));
            return found.GetProperty("detections").GetRawText();
        }

        string expected =
            await FindAsync(new JsonObject { ["objects"] = new JsonArray([.. labels.Split('|').Select(label => (JsonNode)label)]) });
        Assert.Contains("bicycle", expected);
        Assert.Equal(expected, await FindAsync(JsonNode.Parse(arguments)!.AsObject()));
    }

    [Theory]
    [InlineData("English")]
    [InlineData("EN-us")]
    public async Task A_language_may_be_a_name_or_a_tag(string language) =>
        Assert.Equal("a turtle on an orange background",
            await _client.TextAsync("caption_image", ("path", "scene_01.png"), ("language", language)));

    [Fact]
    public async Task A_question_that_does_not_fit() =>
        Assert.Contains("shorter prompt", await _client.ErrorAsync("ask_image", ("path", "scene_01.png"), ("question", string.Concat(Enumerable.Repeat("what ", 3000)))));

    private async Task<string> FailAsync(string tool, string arguments) =>
        await _client.ErrorAsync(tool, [.. JsonNode.Parse(arguments)!.AsObject().Select(argument => (argument.Key, (object?)argument.Value))]);

    private static void AssertSame(InstancesJson own, CallToolResult result)
    {
        JsonElement structured = ToolClient.Structured(result);
        InstancesJson served = structured.Deserialize(McpJson.Readable.InstancesJson)!;
        // .NET adds a score up in the widest vectors that a program was compiled for: its last digit may be another one.
        Assert.All(own.Detections.Zip(served.Detections), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 0.000_002));
        string Without(InstancesJson json) => JsonSerializer.Serialize(
            json with { Timings = own.Timings, Detections = [.. json.Detections.Select(one => one with { Score = 0 })] }, McpJson.Readable.InstancesJson);
        Assert.Equal(Without(own), Without(served));
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(ToolClient.Text(result)).RootElement, structured));
    }

    // The few keywords that the schemas have.
    private static void AssertFits(JsonElement value, JsonElement schema, string where)
    {
        string type = schema.GetProperty("type").GetString()!;
        JsonValueKind[] kinds = type switch
        {
            "object" => [JsonValueKind.Object],
            "array" => [JsonValueKind.Array],
            "string" => [JsonValueKind.String],
            "number" or "integer" => [JsonValueKind.Number],
            _ => throw new NotSupportedException(type),
        };
        Assert.Contains(value.ValueKind, kinds);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray()) AssertFits(item, schema.GetProperty("items"), where + "[]");
        }

        if (value.ValueKind != JsonValueKind.Object) return;
        JsonElement properties = schema.GetProperty("properties");
        foreach (JsonProperty property in value.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(property.Name, out JsonElement inner), $"{where}.{property.Name}");
            AssertFits(property.Value, inner, $"{where}.{property.Name}");
        }

        foreach (JsonElement name in schema.GetProperty("required").EnumerateArray()) Assert.True(value.TryGetProperty(name.GetString()!, out _), $"{where}.{name}");
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);

    private sealed class Told(List<ProgressNotificationValue> values) : IProgress<ProgressNotificationValue>
    {
        private readonly TaskCompletionSource _first = new();

        public Task First => _first.Task;

        public void Report(ProgressNotificationValue value)
        {
            lock (values) values.Add(value);
            if (value.Progress >= 1) _first.TrySetResult();
        }
    }
}
