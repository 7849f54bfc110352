using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class AnswerCommandTests
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Fact]
    public async Task Caption_prints_the_caption_and_nothing_else()
    {
        ProgramResult result = (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample)).Succeeded();
        Assert.Equal("a turtle on an orange background\n", result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public async Task A_language_is_asked_for_by_its_code() =>
        Assert.Equal(Golden("caption th") + "\n", (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--lang", "th")).Succeeded().Output);

    [Theory]
    [InlineData("thai")]
    [InlineData("th-TH")]
    [InlineData("ไทย")]
    public async Task Or_by_a_tag_or_its_name(string language) =>
        Assert.Equal(Golden("caption th") + "\n",
            (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--lang", language)).Succeeded().Output);

    [Fact]
    public async Task What_is_odd_about_the_model_s_files_is_told_beside_the_answer()
    {
        using TemporaryFolder folder = new();
        string[] files = Directory.GetFiles(Repository.PaliNano, "*.gguf");
        string vision = files.Single(file => Path.GetFileName(file).StartsWith("mmproj", StringComparison.Ordinal));
        new GgufEdits().With("clip.vision.spatial_merge_size", 2u).Write(vision, folder.File(Path.GetFileName(vision)));
        string text = files.Single(file => file != vision);
        new GgufEdits().With("general.languages", ["th"]).Write(text, folder.File(Path.GetFileName(text)));

        ProgramResult result = (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--model", folder.Path)).Succeeded();

        Assert.Equal("a turtle on an orange background\n", result.Output);
        Assert.Collection(
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.EndsWith("unknown and not taken into account: 'clip.vision.spatial_merge_size'", line.Trim(), StringComparison.Ordinal),
            line => Assert.Contains("the prompt asks for 'en', and the file lists the languages th", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_machine_has_not_got_is_told_beside_the_answer()
    {
        ProgramResult result = (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--threads", "512")).Succeeded();
        Assert.Equal("a turtle on an orange background\n", result.Output);
        Assert.Contains($"512 threads were asked for; it is {Environment.ProcessorCount}", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_may_be_a_file_URI_or_a_data_URL()
    {
        string data = "data:;base64," + Convert.ToBase64String(await File.ReadAllBytesAsync(BuiltProgram.Sample)).TrimEnd('=');
        foreach (string picture in new[] { new Uri(BuiltProgram.Sample).AbsoluteUri, data })
        {
            Assert.Equal("a turtle on an orange background\n", (await BuiltProgram.RunAsync("caption", picture)).Succeeded().Output);
        }
    }

    [Fact]
    public async Task Describe_prints_the_description() =>
        Assert.Equal(Golden("describe en") + "\n", (await BuiltProgram.RunAsync("describe", BuiltProgram.Sample)).Succeeded().Output);

    [Fact]
    public async Task Ask_prints_the_answer() =>
        Assert.Equal("orange\n", (await BuiltProgram.RunAsync("ask", BuiltProgram.Sample, "what color is the background?")).Succeeded().Output);

    [Fact]
    public async Task Ocr_prints_the_text_in_the_picture()
    {
        NanoAnswer golden = Goldens.First(golden => golden.Prompt == "ocr" && golden.Text.Length > 0);
        Assert.Equal(golden.Text + "\n", (await BuiltProgram.RunAsync("ocr", golden.Image)).Succeeded().Output);
    }

    [Fact]
    public async Task A_search_over_beams_answers_as_well() =>
        Assert.Equal("orange\n", (await BuiltProgram.RunAsync("ask", BuiltProgram.Sample, "what color is the background?", "--beams", "3")).Succeeded().Output);

    [Fact]
    public async Task A_search_over_many_beams_has_the_sequences_that_it_needs() =>
        Assert.Equal("orange\n", (await BuiltProgram.RunAsync("ask", BuiltProgram.Sample, "what color is the background?", "--beams", "20", "--max-tokens", "8")).Succeeded().Output);

    [Fact]
    public async Task A_hyphen_stands_for_a_picture_on_standard_input()
    {
        ProgramRun run = new("caption", "-") { Input = await File.ReadAllBytesAsync(BuiltProgram.Sample) };
        Assert.Equal("a turtle on an orange background\n", (await BuiltProgram.RunAsync(run)).Succeeded().Output);
    }

    [Fact]
    public async Task A_picture_of_one_pixel_is_a_picture()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("dot.png", PngBytes.Black(1, 1));
        Assert.EndsWith("\n", (await BuiltProgram.RunAsync("caption", path)).Succeeded().Output);
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it() =>
        Assert.Equal("a turtle on an \n", (await BuiltProgram.RunAsync("caption", BuiltProgram.Sample, "--stop", "orange")).Succeeded().Output);

    [Fact]
    public async Task A_seed_makes_drawing_repeatable()
    {
        string[] arguments = ["generate", "--image", BuiltProgram.Sample, "--prompt", "describe en", "--temperature", "2.5", "--top-k", "50", "--max-tokens", "12", "--seed"];
        ProgramResult first = (await BuiltProgram.RunAsync([.. arguments, "7"])).Succeeded();
        ProgramResult second = (await BuiltProgram.RunAsync([.. arguments, "7"])).Succeeded();
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, (await BuiltProgram.RunAsync([.. arguments, "8"])).Succeeded().Output);
    }

    private static string Golden(string prompt) => Goldens.First(golden => golden.Image.EndsWith("scene_01.png", StringComparison.Ordinal) && golden.Prompt == prompt).Text;
}
