using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

public sealed class VideoCommandTests : IDisposable
{
    private const int ImageTokens = 64;
    private const int TextTokens = 4;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_a_video()
    {
        CopyScenes(5);
        JsonElement json = (await VideoAsync(_folder.Path, "--json")).Succeeded().Json();
        Assert.Equal(["text", "tokens", "logprobs", "prefixTokens", "finishReason", "timings"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal((5 * ImageTokens) + TextTokens, json.GetProperty("prefixTokens").GetInt32());
    }

    [Fact]
    public async Task As_many_frames_are_taken_as_asked_for()
    {
        CopyScenes(5);
        JsonElement json = (await VideoAsync(_folder.Path, "--frames", "3", "--json")).Succeeded().Json();
        Assert.Equal((3 * ImageTokens) + TextTokens, json.GetProperty("prefixTokens").GetInt32());
    }

    [Fact]
    public async Task The_frames_are_drawn_as_one_sheet()
    {
        CopyScenes(5);
        using TemporaryFolder output = new();
        (await VideoAsync(_folder.Path, "--out", output.File("sheet.png"))).Succeeded();
        RgbImage sheet = ImageFile.Load(output.File("sheet.png"));
        Assert.Equal((3 * 324, 2 * 348), (sheet.Width, sheet.Height));
    }

    [Fact]
    public async Task A_gif_of_one_frame_is_answered_like_the_picture()
    {
        string gif = _folder.File("still.gif");
        ImageFile.Save(ImageFile.Load(BuiltProgram.Sample), gif);
        string expected = (await BuiltProgram.RunAsync("generate", "--image", gif, "--prompt", "cap en")).Succeeded().Output;
        Assert.Equal(expected, (await VideoAsync(gif)).Succeeded().Output);
    }

    [Fact]
    public async Task More_frames_than_the_model_was_trained_for_are_refused_with_the_numbers()
    {
        const int Frames = 130, TrainedLength = 8192;
        for (int frame = 0; frame < Frames; frame++) _folder.Write($"{frame}.png", PngBytes.Black(1, 1));
        string line = (await VideoAsync(_folder.Path, "--frames", $"{Frames}")).OneLineError();
        Assert.Contains($"{(Frames * ImageTokens) + TextTokens} tokens ({Frames} pictures of {ImageTokens} and {TextTokens} of text), and the context holds {TrainedLength}", line);
    }

    [Fact]
    public async Task More_frames_than_the_context_that_is_set_are_refused()
    {
        CopyScenes(5);
        Assert.Contains($"{(5 * ImageTokens) + TextTokens} tokens", (await VideoAsync(_folder.Path, "--context", "256")).OneLineError());
    }

    [Fact]
    public async Task A_video_file_without_ffmpeg_is_refused_with_the_way_out()
    {
        byte[] header = [0, 0, 0, 24, .. "ftypisom"u8, 0, 0, 2, 0, .. "isomiso2"u8];
        ProgramRun run = new("video", _folder.Write("film.mp4", header), "--prompt", "cap en") { Environment = new Dictionary<string, string> { ["PATH"] = _folder.Path } };
        Assert.Contains("ffmpeg", (await BuiltProgram.RunAsync(run)).OneLineError());
    }

    private Task<ProgramResult> VideoAsync(string file, params string[] options) => BuiltProgram.RunAsync(["video", file, "--prompt", "cap en", .. options]);

    private void CopyScenes(int count)
    {
        for (int scene = 1; scene <= count; scene++)
        {
            string name = $"scene_{scene:00}.png";
            File.Copy(Path.Combine(Repository.PaliNano, "samples", name), _folder.File(name));
        }
    }
}
