using System.Diagnostics;
using PaliGguf.Imaging.Frames;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Frames;

public class FrameSourceTests
{
    [Fact]
    public async Task A_folder_gives_its_pictures_in_natural_order()
    {
        using TemporaryFolder folder = new();
        for (int i = 1; i <= 12; i++) folder.Write($"frame{i}.png", ImageFile.Encode(Picture.Noise(5, 4, i), ImageFormat.Png));
        folder.Write("notes.txt", "not a picture"u8);
        folder.Write(".hidden.png", "not a picture"u8);

        FrameSequence all = await FrameSource.LoadAsync(folder.Path);
        FrameSequence four = await FrameSource.LoadAsync(folder.Path, new FrameOptions { Count = 4 });

        Assert.Equal((FrameSourceKind.Folder, 12), (all.Kind, all.SourceFrames));
        Assert.Equal(Enumerable.Range(1, 12).Select(i => $"frame{i}.png"), all.Frames.Select(frame => Path.GetFileName(frame.File)));
        Assert.Equal([0, 3, 6, 9], four.Frames.Select(frame => frame.Index));
        Picture.AssertSame(Picture.Noise(5, 4, 10), four.Pictures[3]);
    }

    [Fact]
    public async Task A_pipe_in_a_folder_is_passed_over()
    {
        if (OperatingSystem.IsWindows()) return;
        using TemporaryFolder folder = new();
        folder.Write("a.png", Picture.Bytes("blocks.png"));
        using (Process mkfifo = Process.Start("mkfifo", [folder.File("b.png")])) await mkfifo.WaitForExitAsync();

        FrameSequence frames = await FrameSource.LoadAsync(folder.Path);

        Assert.Equal("a.png", Path.GetFileName(Assert.Single(frames.Frames).File));
    }

    [Fact]
    public async Task A_short_source_gives_each_frame_once_or_begins_again()
    {
        FrameSequence once = await FrameSource.LoadAsync(Picture.Path("animated.gif"));
        FrameSequence repeated = await FrameSource.LoadAsync(Picture.Path("animated.gif"), new FrameOptions { Count = 5, RepeatWhenShort = true });

        Assert.Equal([0, 1], once.Frames.Select(frame => frame.Index));
        Assert.Equal([0, 1, 0, 1, 0], repeated.Frames.Select(frame => frame.Index));
        Assert.Same(repeated.Pictures[0], repeated.Pictures[4]);
    }

    [Theory]
    [InlineData("x.png", "PNG")]
    [InlineData("x.avif", "AVIF")]
    public async Task Animations_of_which_one_frame_could_be_read_are_refused(string name, string format)
    {
        using TemporaryFolder folder = new();
        byte[] png = Picture.Bytes("blocks.png"), avif = Picture.Bytes("Samples/premultiplied.avif");
        byte[] twoFrames = [0, 0, 0, 8, .. "acTL"u8, 0, 0, 0, 2, 0, 0, 0, 0, 0xF3, 0x8D, 0x93, 0x70];
        string path = folder.Write(
            name, name == "x.png" ? [.. png[..33], .. twoFrames, .. png[33..]] : [.. avif[..8], .. "avis"u8, .. avif[12..]]);

        InvalidImageContentException e = await Assert.ThrowsAsync<InvalidImageContentException>(() => FrameSource.LoadAsync(path));

        Assert.Equal(
            $"{path}: the {format} data is damaged or not supported (it is an animation, of which only the first frame is read; store it "
                + "as a GIF, "
            + "a WebP or a video)",
            e.Message);
        Assert.True(ImageFile.Load(path).Width > 0);
    }

    [Theory]
    [InlineData("animated.gif")]
    [InlineData("animated.webp")]
    public async Task Animations_tell_when_their_frames_are_shown(string file)
    {
        FrameSequence frames = await FrameSource.LoadAsync(Picture.Path(file));

        Assert.Equal((FrameSourceKind.Animation, 2), (frames.Kind, frames.SourceFrames));
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromMilliseconds(100)], frames.Frames.Select(frame => frame.Timestamp!.Value));
        Assert.Equal((255, 0, 0), Picture.Pixel(frames.Pictures[0], 7, 7));
        Assert.Equal((0, 0, 255), Picture.Pixel(frames.Pictures[1], 7, 7));
    }

    [Fact]
    public async Task Frames_that_change_a_part_are_laid_over_those_before()
    {
        using TemporaryFolder folder = new();
        AnimatedGif gif = new AnimatedGif(10, 3).Add(3, 0, 0, 10, 3, hundredths: 50);
        for (int i = 1; i < 10; i++) gif.Add(i % 2, i, 1, 1, 1, hundredths: i);

        FrameSequence frames = await FrameSource.LoadAsync(folder.Write("x.gif", gif.ToBytes()), new FrameOptions { Count = 3 });

        Assert.Equal([0, 3, 6], frames.Frames.Select(frame => frame.Index));
        Assert.Equal([0, 530, 650], frames.Frames.Select(frame => frame.Timestamp!.Value.TotalMilliseconds));
        foreach (Frame frame in frames.Frames)
        {
            for (int x = 0; x < 10; x++)
            {
                (byte, byte, byte) expected = x == 0 || x > frame.Index ? ((byte)255, (byte)255, (byte)255) : x % 2 == 0 ? ((byte)255, (byte)0, (byte)0) : ((byte)0, (byte)255, (byte)0);
                Assert.Equal(expected, Picture.Pixel(frame.Picture, x, 1));
            }
        }
    }

    [Fact]
    public async Task A_single_picture_is_one_frame()
    {
        foreach (string file in new[] { "blocks.png", "blocks.gif", "blocks.webp", "24_bits.bmp" })
        {
            FrameSequence frames = await FrameSource.LoadAsync(Picture.Path(file));

            Assert.Equal((FrameSourceKind.Picture, 1), (frames.Kind, frames.SourceFrames));
            Picture.AssertSame(Picture.Blocks(), Assert.Single(frames.Pictures));
        }
    }

    [Fact]
    public async Task An_animation_of_very_many_frames_is_refused_or_read_in_bounded_time()
    {
        using TemporaryFolder folder = new();
        AnimatedGif gif = new(2, 2);
        for (int i = 0; i < 30_000; i++) gif.Add(i % 4, 0, 0, 1, 1);
        string path = folder.Write("many.gif", gif.ToBytes());

        Assert.Equal(30_000, (await FrameSource.LoadAsync(path)).SourceFrames);
        Assert.Equal(
            $"{path}: more frames than the limit of 1000",
            (await Assert.ThrowsAsync<ImageLimitException>(() => FrameSource.LoadAsync(path, new FrameOptions { MaxSourceFrames = 1000 }))).Message);
        await Assert.ThrowsAsync<ImageLimitException>(() => FrameSource.LoadAsync(path, new FrameOptions { MaxAnimationPixels = 100_000 }));
        await Assert.ThrowsAsync<ImageLimitException>(() => FrameSource.LoadAsync(path, new FrameOptions { MaxTotalPixels = 63 }));
        await Assert.ThrowsAsync<ImageLimitException>(
            () => FrameSource.LoadAsync(path, new FrameOptions { Limits = new ImageLimits { MaxPixels = 3 } }));
    }

    [Fact]
    public async Task An_animation_higher_than_one_image_can_be_is_read_in_parts()
    {
        using TemporaryFolder folder = new();
        AnimatedGif gif = new AnimatedGif(1, 60_000).Add(0, 0, 0, 1, 60_000);
        for (int i = 1; i < 400; i++) gif.Add(i % 4, 0, i, 1, 1);

        FrameSequence frames = await FrameSource.LoadAsync(folder.Write("high.gif", gif.ToBytes()), new FrameOptions { Count = 5 });

        Assert.Equal([0, 80, 160, 240, 320], frames.Frames.Select(frame => frame.Index));
        Assert.All(frames.Frames, frame => Assert.Equal(60_000, frame.Picture.Height));
        Assert.Equal((255, 0, 0), Picture.Pixel(frames.Pictures[0], 0, 319));
        Assert.Equal((255, 0, 0), Picture.Pixel(frames.Pictures[3], 0, 319));
        Assert.Equal((255, 255, 255), Picture.Pixel(frames.Pictures[4], 0, 319));
        Assert.Equal((0, 255, 0), Picture.Pixel(frames.Pictures[4], 0, 1));
    }

    [Theory]
    [InlineData("animated.gif")]
    [InlineData("animated.webp")]
    public async Task Damaged_animations_are_an_error_or_other_pictures_and_never_a_crash(string file)
    {
        using TemporaryFolder folder = new();
        byte[] whole = Picture.Bytes(file);
        Random random = new(5);
        for (int i = 0; i < 150; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            if (i % 2 == 1) damaged[random.Next(12, damaged.Length)] = (byte)random.Next(256);
            try
            {
                FrameOptions options = new() { Limits = new ImageLimits { MaxPixels = 1_000_000 } };
                Assert.NotEmpty((await FrameSource.LoadAsync(folder.Write("x", damaged), options)).Frames);
            }
            catch (ImageException e)
            {
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        }
    }

    [Fact]
    public async Task What_holds_no_frames_is_named()
    {
        using TemporaryFolder folder = new();
        string text = folder.Write("x.mp4", "A cat on a mat, which is no video.\n"u8), playlist = folder.Write("x.m3u8", "#EXTM3U\n#EXTINF:1,\nother.ts\n"u8);

        Assert.Contains("holds no pictures", (await Assert.ThrowsAsync<ImageException>(() => FrameSource.LoadAsync(folder.Path))).Message);
        Assert.Contains("no such file", (await Assert.ThrowsAsync<ImageException>(() => FrameSource.LoadAsync(folder.File("missing.mp4")))).Message);
        await Assert.ThrowsAsync<UnknownImageFormatException>(() => FrameSource.LoadAsync(text));
        await Assert.ThrowsAsync<UnknownImageFormatException>(() => FrameSource.LoadAsync(playlist));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => FrameSource.LoadAsync(text, new FrameOptions { Count = 0 }));
    }

    [Fact]
    public async Task A_cancelled_call_ends()
    {
        using CancellationTokenSource source = new();
        await source.CancelAsync();

        foreach (string path in new[] { Picture.Path("animated.gif"), Picture.Path("blocks.png"), Path.GetDirectoryName(Picture.Path("x"))! })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FrameSource.LoadAsync(path, cancellationToken: source.Token));
        }
    }
}
