using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using PaliGguf.Imaging;

namespace PaliGguf.Server.Tests.Tasks;

public sealed class VideoTaskTests
{
    private const int ImageTokens = 64, TextTokens = 4;

    private static byte[] Gif { get; } = ImageFile.Encode(ImageFile.Load(Samples.Path(1)), ImageFormat.Gif);

    [Fact]
    public async Task An_animation_is_answered_in_every_form_it_may_come_in()
    {
        RunningServer server = await RunningServer.Shared;
        using MultipartFormDataContent form = new() { { new ByteArrayContent(Gif), "video", "a.gif" }, { new StringContent("caption en"), "prompt" } };
        using ByteArrayContent body = new(Gif) { Headers = { ContentType = new MediaTypeHeaderValue("image/gif") } };
        HttpResponseMessage[] responses =
        [
            await server.PostAsync("/api/video", new { video = Convert.ToBase64String(Gif), prompt = "caption en" }),
            await server.SendAsync("/api/video", form),
            await server.SendAsync("/api/video?prompt=caption%20en", body),
        ];
        foreach (HttpResponseMessage response in responses) Assert.Equal("a turtle on an orange background", (await response.JsonAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_video_is_read_by_ffmpeg_where_that_is_there()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.mkv");
        try
        {
            string[] arguments = ["-v", "error", "-loop", "1", "-i", Samples.Path(1), "-t", "1", "-r", "8", "-c:v", "ffv1", file];
            using (Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { UseShellExecute = false })!) await ffmpeg.WaitForExitAsync();
            using ByteArrayContent body = new(await File.ReadAllBytesAsync(file)) { Headers = { ContentType = new MediaTypeHeaderValue("video/x-matroska") } };
            JsonElement answer = await (await (await RunningServer.Shared).SendAsync("/api/video?prompt=caption%20en&frames=2", body)).JsonAsync();
            Assert.Equal((2 * ImageTokens) + TextTokens, answer.GetProperty("prefixTokens").GetInt32());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // There is no ffmpeg here.
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_is_no_video_and_too_many_frames_are_refused()
    {
        RunningServer server = await RunningServer.Shared;
        JsonElement problem = await (await server.PostAsync("/api/video", new { video = Convert.ToBase64String("no video, no picture"u8), prompt = "" })).ProblemAsync(415, "unsupported_media_type");
        Assert.DoesNotContain(Path.GetTempPath(), problem.GetProperty("detail").GetString());
        problem = await (await server.PostAsync("/api/video", new { video = Convert.ToBase64String(Gif), prompt = "", frames = 3 })).ProblemAsync(422, "too_many_frames");
        Assert.Contains("--images", problem.GetProperty("detail").GetString());
        await (await server.PostAsync("/api/caption", new { video = Convert.ToBase64String(Gif) })).ProblemAsync(400, "invalid_value");
    }
}
