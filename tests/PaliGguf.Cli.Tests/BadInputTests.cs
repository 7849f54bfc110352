using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Conversion;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests;

/// <summary>Input that is wrong is one line on standard error and exit code 1.</summary>
public sealed class BadInputTests : IDisposable
{
    private static readonly string Text = Directory.GetFiles(Repository.PaliNano, "*.gguf").Single(file => !Path.GetFileName(file).StartsWith("mmproj", StringComparison.Ordinal));
    private static readonly string Vision = Directory.GetFiles(Repository.PaliNano, "mmproj-*.gguf").Single();
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task A_picture_that_is_not_there() => FailsAsync("nowhere.png: there is no such file", "caption", "nowhere.png");

    [Fact]
    public Task A_folder_as_picture() => FailsAsync("this is a folder", "caption", _folder.Path);

    [Theory]
    [InlineData("notes.txt", "Nothing to see here.", "this is text")]
    [InlineData("page.png", "<!DOCTYPE html><html><body>404</body></html>", "this is a web page")]
    [InlineData("empty.jpg", "", "the file is empty")]
    public Task A_file_that_is_no_picture(string name, string content, string expected) =>
        FailsAsync(expected, "caption", _folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content)));

    [Fact]
    public Task A_picture_that_is_cut_off() => FailsAsync("cut.png: ", "caption", _folder.Write("cut.png", File.ReadAllBytes(BuiltProgram.Sample).AsSpan(0, 3000)));

    [Fact]
    public Task A_picture_bomb() => FailsAsync("--max-pixels", "caption", _folder.Write("bomb.png", PngBytes.Black(30_000, 30_000)));

    [Fact]
    public Task A_picture_that_is_larger_than_is_allowed() =>
        FailsAsync("more than the limit of 0.01 million: make it smaller, or raise the limit with --max-pixels", "caption", BuiltProgram.Sample, "--max-pixels", "10000");

    [Fact]
    public Task Nothing_on_standard_input() => FailsAsync("standard input: the file is empty", "caption", "-");

    [Fact]
    public Task A_model_that_is_not_there() => FailsAsync("nowhere.gguf: no such model file", "caption", BuiltProgram.Sample, "--model", "nowhere.gguf");

    [Fact]
    public Task A_vision_model_that_is_not_there() => FailsAsync("nowhere.gguf: no such vision model file", "caption", BuiltProgram.Sample, "--vision", "nowhere.gguf");

    [Fact]
    public Task A_picture_as_model() => FailsAsync("this is not a GGUF file", "caption", BuiltProgram.Sample, "--model", BuiltProgram.Sample, "--vision", Vision);

    [Fact]
    public Task A_model_that_is_cut_off() =>
        FailsAsync("cut.gguf: ", "caption", BuiltProgram.Sample, "--vision", Vision, "--model", _folder.Write("cut.gguf", File.ReadAllBytes(Text).AsSpan(0, 100_000)));

    [Fact]
    public Task A_text_model_as_vision_model() => FailsAsync("this is a text model", "caption", BuiltProgram.Sample, "--vision", Text);

    [Fact]
    public Task A_vision_model_as_text_model() => FailsAsync("this is a vision model", "caption", BuiltProgram.Sample, "--model", Vision, "--vision", Vision);

    [Fact]
    public Task Halves_of_different_widths()
    {
        string narrow = _folder.File("mmproj-narrow.gguf");
        NarrowVisionModel.Write(narrow);
        return FailsAsync("projects to a width of 128", "caption", BuiltProgram.Sample, "--vision", narrow);
    }

    [Fact]
    public Task An_output_folder_that_can_not_be_made() =>
        FailsAsync("can not be written to", "convert", Checkpoint("tiny-g2"), "--out", Path.Combine(_folder.Write("file", []), "below"));

    [Fact]
    public Task A_checkpoint_that_is_not_there() => FailsAsync("no such folder", "convert", _folder.File("nowhere"), "--out", _folder.Path);

    [Fact]
    public async Task A_checkpoint_with_a_missing_tensor()
    {
        string copy = Directory.CreateDirectory(_folder.File("copy")).FullName;
        foreach (string file in Directory.EnumerateFiles(Checkpoint("tiny-g2"))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        byte[] tensors = await File.ReadAllBytesAsync(Path.Combine(copy, "model.safetensors"));
        int name = tensors.AsSpan().IndexOf("model.norm.weight"u8);
        "model.nerm.weight"u8.CopyTo(tensors.AsSpan(name));
        await File.WriteAllBytesAsync(Path.Combine(copy, "model.safetensors"), tensors);

        string output = _folder.File("out");
        await FailsAsync("norm.weight", "convert", copy, "--out", output);
        Assert.False(Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any());
    }

    [Fact]
    public Task A_file_to_inspect_that_is_no_gguf() => FailsAsync("this is not a GGUF file", "inspect", BuiltProgram.Sample);

    [Fact]
    public Task A_language_that_is_none() => FailsAsync("is not a language code", "caption", BuiltProgram.Sample, "--lang", "so far so good");

    [Theory]
    [InlineData("xx")]
    [InlineData("ca")]
    [InlineData("en us")]
    public Task A_language_that_the_model_was_not_trained_with(string language) =>
        FailsAsync($"'{language}' is not a language code or name", "caption", BuiltProgram.Sample, "--lang", language);

    [Theory]
    [InlineData("caption", "picture.png", "--model", "https://example.com/a.gguf")]
    [InlineData("caption", "picture.png", "--lora", "https://example.com/a.gguf:0.5")]
    [InlineData("eval", "https://example.com/data.jsonl", "--task", "scenes")]
    [InlineData("eval", "data.jsonl", "--task", "scenes", "--images", "https://example.com/pictures")]
    [InlineData("score", "answers.json", "https://example.com/captions.json", "--task", "coco-captions")]
    [InlineData("tokens", "https://example.com/mask.png")]
    public async Task An_address_in_place_of_any_other_file(params string[] arguments)
    {
        // The picture is read beside the model, so it has to be there: either may be told first.
        string[] there = [.. arguments.Select(argument => argument == "picture.png" ? BuiltProgram.Sample : argument)];
        ProgramResult result = await BuiltProgram.RunAsync(there);
        Assert.Contains("addresses are not fetched: download the file, and name it", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Theory]
    [InlineData("https://example.com/photo.jpg", "addresses are not fetched: download the file, and name it")]
    [InlineData("file:///nowhere/photo.jpg", "/nowhere/photo.jpg: there is no such file")]
    [InlineData("file://server/photo.jpg", "on another computer, server")]
    [InlineData("data:image/png;base64,?", "the picture is no valid base64")]
    public async Task An_address_in_place_of_a_picture(string address, string expected)
    {
        string line = (await BuiltProgram.RunAsync("caption", address)).Error;
        Assert.Contains(expected, Assert.Single(line.TrimEnd('\n').Split('\n')));
    }

    [Fact]
    public Task A_context_beyond_the_models() => FailsAsync("A context of 99999 tokens is longer", "caption", BuiltProgram.Sample, "--context", "99999");

    [Fact]
    public Task A_drawing_in_a_folder_that_is_not_there() =>
        FailsAsync("there is no folder", "detect", BuiltProgram.Sample, "turtle", "--out", _folder.File("nowhere/found.png"));

    [Fact]
    public Task A_label_that_is_no_label() => FailsAsync("location or codeword token", "detect", BuiltProgram.Sample, "<loc0001>");

    [Fact]
    public async Task Segmenting_without_a_mask_decoder()
    {
        string model = Path.GetDirectoryName((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath)!;
        await FailsAsync("has no mask decoder", "segment", BuiltProgram.Sample, "turtle", "--model", model);
    }

    [Fact]
    public Task The_same_choice_twice() => FailsAsync("more than once", "choose", BuiltProgram.Sample, "--prompt", "answer en is there a turtle?", "yes", "yes");

    [Fact]
    public Task A_video_that_is_not_there() => FailsAsync("nowhere.mp4", "video", "nowhere.mp4", "--prompt", "caption en");

    [Fact]
    public Task A_video_without_frames() => FailsAsync(_folder.Path, "video", _folder.Path, "--prompt", "caption en");

    [Fact]
    public async Task Verbose_adds_the_stack()
    {
        ProgramResult result = await BuiltProgram.RunAsync("inspect", "nowhere.gguf", "--verbose");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("paligguf: nowhere.gguf: ", result.Error);
        Assert.Contains("   at PaliGguf.Gguf.", result.Error);
    }

    private static string Checkpoint(string name) => Path.Combine(Repository.Golden(name), "model");

    private static async Task FailsAsync(string expected, params string[] arguments) => Assert.Contains(expected, (await BuiltProgram.RunAsync(arguments)).OneLineError());
}
