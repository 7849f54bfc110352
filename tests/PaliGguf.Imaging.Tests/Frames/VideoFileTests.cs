using System.Diagnostics;
using PaliGguf.Imaging.Frames;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Frames;

/// <summary>Where ffmpeg is installed, these make videos with it and read them; where it is not, they assert that this is what users are told.</summary>
public class VideoFileTests
{
    private const string Missing = "ffmpeg and ffprobe, which are not on the PATH; install ffmpeg";

    private static readonly string? Ffmpeg = VideoTool.Find("ffprobe", null) is null ? null : VideoTool.Find("ffmpeg", null);

    [Fact]
    public async Task Without_ffmpeg_the_message_says_what_to_install()
    {
        using TemporaryFolder folder = new();
        string video = folder.Write("x.mp4", "\0\0\0\u0018ftypisom\0\0\0\0isommp42"u8);

        VideoDecoderException e = await Assert.ThrowsAsync<VideoDecoderException>(
            () => FrameSource.LoadAsync(video, new FrameOptions { SearchPath = folder.Path }));

        Assert.StartsWith($"{video}: a video needs {Missing}", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("x.mp4")]
    [InlineData("x.mkv")]
    [InlineData("x.avi")]
    [InlineData("x.ts")]
    [InlineData("-i %d 'x'.mp4")]
    public Task Frames_are_evenly_spaced(string name) => WithVideo(name, ["-frames:v", "64"], async video =>
    {
        FrameSequence frames = await FrameSource.LoadAsync(video);

        Assert.Equal((FrameSourceKind.Video, 64), (frames.Kind, frames.SourceFrames));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 4 * i), frames.Frames.Select(frame => frame.Index));
        foreach (Frame frame in frames.Frames)
        {
            // The video's red channel tells the number of the frame.
            Assert.Equal((64, 48), (frame.Picture.Width, frame.Picture.Height));
            Assert.InRange(Picture.Pixel(frame.Picture, 30, 20).Red, (4 * frame.Index) - 5, (4 * frame.Index) + 5);
            if (name != "x.avi") Assert.InRange(frame.Timestamp!.Value.TotalSeconds, (frame.Index / 25.0) - 0.002, (frame.Index / 25.0) + 0.002);
        }
    });

    [Fact]
    public Task A_short_video_gives_all_its_frames() => WithVideo("x.mp4", ["-frames:v", "3"], async video =>
    {
        Assert.Equal([0, 1, 2], (await FrameSource.LoadAsync(video)).Frames.Select(frame => frame.Index));
        Assert.Equal(7, (await FrameSource.LoadAsync(video, new FrameOptions { Count = 7, RepeatWhenShort = true })).Pictures.Count);
    });

    [Fact]
    public Task Limits_hold_for_videos_too() => WithVideo("x.mp4", ["-frames:v", "40"], async video =>
    {
        foreach (FrameOptions options in new FrameOptions[]
        {
            new() { Limits = new ImageLimits { MaxPixels = (64 * 48) - 1 } }, new() { MaxTotalPixels = (16 * 64 * 48) - 1 }, new() { MaxSourceFrames = 39 },
        })
        {
            await Assert.ThrowsAsync<ImageLimitException>(() => FrameSource.LoadAsync(video, options));
        }

        Assert.Equal(16, (await FrameSource.LoadAsync(video, new FrameOptions { MaxTotalPixels = 16 * 64 * 48, MaxSourceFrames = 40 })).Frames.Count);
    });

    [Fact]
    public Task A_damaged_video_is_an_error_in_one_line() => WithVideo("x.mp4", ["-frames:v", "40"], async video =>
    {
        byte[] whole = File.ReadAllBytes(video);
        File.WriteAllBytes(video, whole[..64]);

        VideoDecoderException e = await Assert.ThrowsAsync<VideoDecoderException>(() => FrameSource.LoadAsync(video));

        Assert.StartsWith($"{video}: the video is damaged or not supported (", e.Message);
        Assert.DoesNotContain(e.Message, char.IsControl);
    });

    [Fact]
    public Task A_cancelled_or_slow_call_ends_its_programs() => WithVideo("x.mp4", ["-frames:v", "40"], async video =>
    {
        using CancellationTokenSource source = new(TimeSpan.FromMilliseconds(20));
        Stopwatch watch = Stopwatch.StartNew();

        VideoDecoderException e = await Assert.ThrowsAsync<VideoDecoderException>(
            () => FrameSource.LoadAsync(video, new FrameOptions { Timeout = TimeSpan.FromMilliseconds(1) }));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true) await FrameSource.LoadAsync(video, cancellationToken: source.Token);
        });

        Assert.Contains("longer than the limit of 0.001 seconds", e.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    });

    [Theory]
    [InlineData("P5\n2 1\n255\n......")]
    [InlineData("P6\n2 1\n65535\n......")]
    [InlineData("P6\n99999999 1\n255\n......")]
    [InlineData("P6\n-2 1\n255\n......")]
    [InlineData("P6\n0 1\n255\n")]
    [InlineData("P6\n2 1\n255\n.....")]
    [InlineData("P6\n60000 60000\n255\n.....")]
    [InlineData("P")]
    public async Task What_is_no_pixmap_is_an_error(string output)
    {
        using MemoryStream stream = new(System.Text.Encoding.ASCII.GetBytes(output));

        await Assert.ThrowsAnyAsync<ImageException>(() => new PixmapReader(stream, "x", ImageLimits.Default).ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Pixmaps_follow_each_other()
    {
        using MemoryStream stream = new("P6\n2 1\n255\nabcdefP6 1 1 255\nxyz"u8.ToArray());
        PixmapReader reader = new(stream, "x", ImageLimits.Default);

        Picture.AssertPixels("abcdef"u8.ToArray(), (await reader.ReadAsync(CancellationToken.None))!);
        Picture.AssertPixels("xyz"u8.ToArray(), (await reader.ReadAsync(CancellationToken.None))!);
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
    }

    /// <summary>Makes a video of 25 frames a second whose red channel is four times the number of the frame.</summary>
    private static async Task WithVideo(string name, string[] options, Func<string, Task> test)
    {
        using TemporaryFolder folder = new();
        string video = folder.File(name);
        if (Ffmpeg is null)
        {
            File.WriteAllBytes(video, [.. "\0\0\0\u0018ftypisom\0\0\0\0isommp42"u8]);
            Assert.Contains(Missing, (await Assert.ThrowsAsync<VideoDecoderException>(() => FrameSource.LoadAsync(video))).Message);
            return;
        }

        string[] arguments =
        [
            "-v", "error", "-nostdin", "-f", "lavfi", "-i", "color=black:size=64x48:rate=25,format=gbrp,geq=r='4*N':g=80:b=40", .. options,
            "-c:v", "mpeg4", "-q:v", "1", "-pix_fmt", "yuv420p", "file:" + video,
        ];
        using VideoTool tool = VideoTool.Start(Ffmpeg, arguments, name, CancellationToken.None);
        (bool made, string complaint) = await tool.EndAsync(CancellationToken.None);
        Assert.True(made, complaint);
        await test(video);
    }
}
