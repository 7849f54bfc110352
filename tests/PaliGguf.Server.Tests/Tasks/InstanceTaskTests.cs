using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Imaging;

namespace PaliGguf.Server.Tests.Tasks;

public sealed class InstanceTaskTests
{
    [Fact]
    public async Task Things_are_found_where_they_are()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement answer = await (await server.PostAsync("/api/detect", new { image = Samples.Base64(1), labels = new[] { "turtle" } })).JsonAsync();
        JsonElement found = Assert.Single(answer.GetProperty("detections").EnumerateArray());
        Assert.Equal("turtle", found.GetProperty("label").GetString());
        Assert.True(Scene.Overlap(Scene.Doubles(found.GetProperty("box")), new Scene("scene_01").Box("turtle")) > 0.8);
        Assert.InRange(found.GetProperty("score").GetDouble(), 0.5, 1);
        Assert.False(found.TryGetProperty("mask", out _));
    }

    [Fact]
    public async Task Labels_come_as_a_list_several_fields_or_one_text()
    {
        RunningServer server = await RunningServer.Shared;
        string[] results =
        [
            await LabelsAsync(await server.PostAsync("/api/detect", new { image = Samples.Base64(4), labels = new[] { "bicycle", "turtle" } })),
            await LabelsAsync(await server.PostAsync("/api/detect", new { image = Samples.Base64(4), labels = "bicycle ; turtle" })),
            await LabelsAsync(await server.SendAsync("/api/detect", Samples.Form(4, ("labels", "bicycle"), ("labels", "turtle")))),
        ];
        // Boxes and scores may differ in their last bits: other tests' requests are decoded in the same batch.
        Assert.All(results, result => Assert.Equal("bicycle bicycle", result));
    }

    [Fact]
    public async Task Shapes_are_run_lengths_and_polygons()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement answer = await (await server.SendAsync("/api/segment", Samples.Form(6, ("labels", "boat")))).JsonAsync();
        JsonElement mask = answer.GetProperty("detections")[0].GetProperty("mask");
        Scene scene = new("scene_06");
        Assert.Equal([scene.Height, scene.Width], mask.GetProperty("rle").GetProperty("size").EnumerateArray().Select(size => size.GetInt32()));
        Assert.NotEqual("", mask.GetProperty("rle").GetProperty("counts").GetString());
        Assert.True(mask.GetProperty("polygons")[0].GetProperty("outer").GetArrayLength() > 3);
    }

    [Theory]
    [InlineData("format=png", null, "image/png")]
    [InlineData("", "image/webp", "image/webp")]
    [InlineData("", "image/jpeg;q=0.9, application/json;q=0.5", "image/jpeg")]
    [InlineData("", "image/*", "image/png")]
    public async Task What_is_found_can_be_drawn(string query, string? accept, string type)
    {
        RunningServer server = await RunningServer.Shared;
        (string, string)[] headers = accept is null ? [] : [("Accept", accept)];
        using HttpResponseMessage response = await server.SendAsync($"/api/segment?{query}", Samples.Form(6, ("labels", "boat")), headers);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        RgbImage drawn = ImageFile.Load(await response.Content.ReadAsByteArrayAsync());
        RgbImage plain = ImageFile.Load(Samples.Path(6));
        Assert.Equal((plain.Width, plain.Height), (drawn.Width, drawn.Height));
        Assert.False(drawn.Pixels.SequenceEqual(plain.Pixels));
    }

    [Fact]
    public async Task An_SVG_holds_the_labels_as_text()
    {
        RunningServer server = await RunningServer.Shared;
        using HttpResponseMessage response = await server.PostAsync("/api/detect", new { image = Samples.Base64(1), labels = "turtle", format = "svg" });
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("turtle", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answers_are_told_apart_by_their_probability()
    {
        RunningServer server = await RunningServer.Shared;
        object request = new { image = Samples.Base64(1), prompt = "answer en is there a turtle?", candidates = new[] { "no", "yes" } };
        JsonElement choices = (await (await server.PostAsync("/api/choose", request)).JsonAsync()).GetProperty("choices");
        Assert.Equal(["no", "yes"], choices.EnumerateArray().Select(choice => choice.GetProperty("text").GetString()));
        Assert.True(choices[1].GetProperty("probability").GetDouble() > 0.9);
        using HttpResponseMessage drawn = await server.PostAsync("/api/choose?format=png", request);
        Assert.Equal(ImageFile.Load(Samples.Path(1)).Width, ImageFile.Load(await drawn.Content.ReadAsByteArrayAsync()).Width);
    }

    [Theory]
    [InlineData("detect", """{"image":"IMAGE"}""", 400, "invalid_value")]
    [InlineData("detect", """{"image":"IMAGE","labels":[]}""", 400, "invalid_value")]
    [InlineData("detect", """{"image":"IMAGE","labels":" ; "}""", 400, "invalid_value")]
    [InlineData("detect", """{"image":"IMAGE","labels":"<loc0001>"}""", 422, "invalid_request")]
    [InlineData("detect", """{"image":"IMAGE","labels":"cat","minScore":2}""", 422, "invalid_request")]
    [InlineData("detect", """{"image":"IMAGE","labels":"cat","format":"gif"}""", 400, "invalid_value")]
    [InlineData("choose", """{"image":"IMAGE","prompt":"ocr"}""", 400, "invalid_value")]
    [InlineData("choose", """{"image":"IMAGE","prompt":"ocr","candidates":["a","a"]}""", 422, "invalid_request")]
    public async Task What_makes_no_sense_is_refused(string task, string json, int status, string code)
    {
        RunningServer server = await RunningServer.Shared;
        using StringContent body = new(json.Replace("IMAGE", Samples.Base64(1), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        await (await server.SendAsync($"/api/{task}", body)).ProblemAsync(status, code);
    }

    private static async Task<string> LabelsAsync(HttpResponseMessage response) =>
        string.Join(' ', (await response.JsonAsync()).GetProperty("detections").EnumerateArray().Select(detection => detection.GetProperty("label").GetString()));
}
