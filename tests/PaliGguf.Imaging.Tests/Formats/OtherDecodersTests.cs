using PaliGguf.Imaging.Frames;

namespace PaliGguf.Imaging.Tests.Formats;

/// <summary>What the samples of a picture mean, against other decoders: Pictures/Samples/README.md.</summary>
public class OtherDecodersTests
{
    // Decoders round differently where colours are computed.
    private const int Tolerance = 2;

    private static IEnumerable<(string File, int Frame, RgbImage Picture)> Expected =>
        File.ReadLines(Picture.Path("Samples/expected.tsv")).Select(line => line.Split('\t')).Select(fields => (
            $"Samples/{fields[0]}",
            int.Parse(fields[1], null),
            RgbImage.FromRgb(
                [.. fields[5].Split(' ').Select(value => byte.Parse(value, null))],
                int.Parse(fields[3], null), int.Parse(fields[4], null))));

    public static TheoryData<string> Pictures() => [.. Expected.Select(expected => expected.File).Distinct()];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void A_picture_shows_what_other_decoders_show(string file) =>
        Picture.AssertSame(Expected.First(expected => expected.File == file).Picture, ImageFile.Load(Picture.Path(file)), Tolerance);

    [Theory]
    [MemberData(nameof(Pictures))]
    public async Task Frames_show_what_other_decoders_show(string file)
    {
        FrameSequence frames = await FrameSource.LoadAsync(Picture.Path(file));

        RgbImage[] expected = [.. Expected.Where(expected => expected.File == file).Select(expected => expected.Picture)];
        Assert.Equal(expected.Length, frames.SourceFrames);
        foreach ((RgbImage wanted, Frame frame) in expected.Zip(frames.Frames)) Picture.AssertSame(wanted, frame.Picture, Tolerance);
    }
}
