using System.Text.Json;
using System.Xml.Linq;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class DetectCommandTests : IDisposable
{
    private readonly Scene _scene = new("scene_01");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_tells_label_score_and_box_in_pixels()
    {
        ProgramResult result = (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle")).Succeeded();
        string[] fields = Assert.Single(result.Output.TrimEnd('\n').Split('\n')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("turtle", fields[0]);
        Assert.InRange(double.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture), 0.3, 1);
        double[] box = [.. fields[2..].Select(double.Parse)];
        Assert.True(Scene.Overlap(box, _scene.Box("turtle")) > 0.5, result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task Labels_may_be_the_text_of_a_list()
    {
        string expected = (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle ; cat")).Succeeded().Output;
        Assert.Equal(expected, (await BuiltProgram.RunAsync("detect", _scene.Picture, "[\"turtle\", \"cat\"]")).Succeeded().Output);
        string refused = (await BuiltProgram.RunAsync("detect", _scene.Picture, "['turtle']")).OneLineError();
        Assert.Contains("LABELS: expected a list of texts, as [\"cat\", \"red car\"]", refused);
    }

    [Fact]
    public async Task Json_has_the_documented_names_and_the_true_box()
    {
        JsonElement json = (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle", "--json")).Succeeded().Json();
        Assert.Equal(["detections", "rejected", "text", "timings"], Names(json));
        JsonElement detection = Assert.Single(json.GetProperty("detections").EnumerateArray());
        Assert.Equal(["label", "score", "box", "boxNormalized"], Names(detection));
        Assert.Equal("turtle", detection.GetProperty("label").GetString());
        Assert.InRange(detection.GetProperty("score").GetDouble(), 0.3, 1);
        double[] box = Scene.Doubles(detection.GetProperty("box")), normalized = Scene.Doubles(detection.GetProperty("boxNormalized"));
        Assert.True(Scene.Overlap(box, _scene.Box("turtle")) > 0.5, string.Join(' ', box));
        double[] scaled = [normalized[0] * _scene.Width, normalized[1] * _scene.Height, normalized[2] * _scene.Width, normalized[3] * _scene.Height];
        Assert.All(box.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 0.01));
        Assert.Empty(json.GetProperty("rejected").EnumerateArray());
        Assert.Matches(@"^(<loc\d{4}>){4} turtle$", json.GetProperty("text").GetString());
        Assert.Equal(["visionMs", "prefixMs", "decodeMs", "decodeTokensPerSecond", "picturesCached", "nativeMs"], Names(json.GetProperty("timings")));
    }

    [Fact]
    public async Task What_is_not_there_is_an_empty_list()
    {
        ProgramResult result = (await BuiltProgram.RunAsync("detect", _scene.Picture, "guitar", "--json")).Succeeded();
        Assert.Empty(result.Json().GetProperty("detections").EnumerateArray());
        Assert.Equal("", (await BuiltProgram.RunAsync("detect", _scene.Picture, "guitar")).Succeeded().Output);
    }

    [Fact]
    public async Task A_score_that_nothing_reaches_leaves_nothing()
    {
        JsonElement json = (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle", "--min-score", "1", "--nms", "0.5", "--json")).Succeeded().Json();
        Assert.Empty(json.GetProperty("detections").EnumerateArray());
        Assert.EndsWith("turtle", json.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_the_longest_answer_cuts_off_is_rejected_with_its_reason()
    {
        string[] arguments = ["detect", _scene.Picture, "turtle", "--free", "--max-tokens", "2"];
        JsonElement json = (await BuiltProgram.RunAsync([.. arguments, "--json"])).Succeeded().Json();
        JsonElement part = Assert.Single(json.GetProperty("rejected").EnumerateArray());
        Assert.Equal(["text", "reason", "explanation"], Names(part));
        Assert.Equal("truncated", part.GetProperty("reason").GetString());
        Assert.Equal(json.GetProperty("text").GetString(), part.GetProperty("text").GetString());

        ProgramResult lines = (await BuiltProgram.RunAsync(arguments)).Succeeded();
        Assert.Equal("", lines.Output);
        Assert.Matches(@"^paligguf: left out '(<loc\d{4}>){2}': [^\n]+\n$", lines.Error);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("jpg")]
    [InlineData("webp")]
    public async Task A_drawing_is_the_picture_with_the_box_on_it(string ending)
    {
        string file = _folder.File("found." + ending);
        (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle", "--out", file)).Succeeded();
        RgbImage original = ImageFile.Load(_scene.Picture), drawn = ImageFile.Load(file);
        Assert.Equal((original.Width, original.Height), (drawn.Width, drawn.Height));
        Assert.False(original.Pixels.SequenceEqual(drawn.Pixels));
    }

    [Fact]
    public async Task A_drawing_may_be_an_svg()
    {
        string file = _folder.File("found.svg");
        (await BuiltProgram.RunAsync("detect", _scene.Picture, "turtle", "--out", file)).Succeeded();
        XElement svg = XDocument.Load(file).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Contains("turtle", svg.Value);
    }

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);
}
