using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Network;

namespace PaliGguf.Training.Tests.Examples;

public sealed class AugmenterTests : IDisposable
{
    private const int Width = 40, Height = 30;
    private readonly PairNetwork _network = PairNetwork.Open(
        ModelFiles.Find(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"), null), new NetworkOptions { IsStreamed = true });

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_picture_that_is_mirrored_twice_is_the_same_and_so_are_its_boxes()
    {
        PictureView mirror = new(0, 0, Width, Height, IsMirrored: true);
        RgbImage picture = Drawn((3, 4, 20, 9));
        Assert.NotEqual(picture.Pixels.ToArray(), mirror.Of(picture).Pixels.ToArray());
        Assert.Equal(picture.Pixels.ToArray(), mirror.Of(mirror.Of(picture)).Pixels.ToArray());
        Gen<int[]> bins = Gen.Choose(0, 1023).ArrayOf(4).Where(each => each[0] < each[2] && each[1] < each[3]);
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(bins.ToArbitrary(), each =>
        {
            string answer = InstanceSuffix.Of(NormalizedBox.FromBins(each[0], each[1], each[2], each[3]), label: "cat");
            string once = Text(answer, mirror);
            return once == InstanceSuffix.Of(NormalizedBox.FromBins(each[0], 1023 - each[3], each[2], 1023 - each[1]), label: "cat")
                && Text(once, mirror) == answer;
        }));
    }

    [Fact]
    public void What_is_drawn_in_a_crop_lies_in_the_box_that_its_answer_tells()
    {
        // A rectangle of whole pixels that is seen in part or wholly.
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            Random random = new(seed);
            (int x, int y) = (random.Next(0, 30), random.Next(0, 20));
            (int x2, int y2) = (random.Next(x + 4, Width + 1), random.Next(y + 4, Height + 1));
            PictureView view = new(random.Next(0, 20), random.Next(0, 15), random.Next(8, 21), random.Next(8, 16), seed % 2 == 0);
            PixelBox? seen = view.Of(new PixelBox(x, y, x2, y2));
            PixelBox? drawn = Bounds(view.Of(Drawn((x, y, x2, y2))));
            bool isEnough = drawn is { } part && part.Width * part.Height >= 0.25 * (x2 - x) * (y2 - y);
            return isEnough ? seen == drawn : seen is null;
        }));
    }

    [Fact]
    public void Objects_keep_their_order_from_left_to_right_and_prompts_name_what_is_seen()
    {
        TrainingExample example = Objects(("cat", 0, 4), ("dog", 10, 4), ("cat", 30, 4));
        MovedText text = new(masks: null);
        Assert.Equal(
            ("detect cat ; dog", "<loc0000><loc0153><loc0341><loc0256> cat ; <loc0000><loc0921><loc0341><loc1023> cat ; "
                + "<loc0000><loc0665><loc0341><loc0767> dog"),
            text.Of(example, new PictureView(0, 0, Width, Height, IsMirrored: true), new PictureSize(Width, Height)));
        Assert.Equal(
            ("detect dog", "<loc0000><loc0256><loc0512><loc0512> dog"),
            text.Of(example, new PictureView(6, 0, 16, 20, IsMirrored: false), new PictureSize(Width, Height)));
        Assert.Null(text.Of(example, new PictureView(15, 0, 10, 10, IsMirrored: false), new PictureSize(Width, Height)));
    }

    [Fact]
    public void A_mirrored_mask_is_written_as_the_mask_of_the_mirrored_object()
    {
        const int Side = 64;
        MaskEncoder encoder = MaskEncoder.Read(Directory.EnumerateFiles(Repository.PaliNano, "mmproj-*.gguf").Single())!;
        double[] corner = [0, 0, 64, 0, 64, 64, 32, 64, 32, 32, 0, 32], mirrored = [64, 0, 0, 0, 0, 64, 32, 64, 32, 32, 64, 32];
        PictureSize size = new(Side, Side);
        InstanceText Text(double[] polygon) => InstanceText.Of([Shape(polygon)], size, encoder);
        TrainingExample example = new(new PictureFile("a.png"), Text(corner).Prefix, Text(corner).Suffix, "line 1")
        {
            Objects = new ExampleObjects([Shape(corner)], size, Prompt: null),
        };
        Assert.NotEqual(Text(corner).Suffix, Text(mirrored).Suffix);
        Assert.Equal(
            ("segment cat", Text(mirrored).Suffix),
            new MovedText(encoder).Of(example, new PictureView(0, 0, Side, Side, IsMirrored: true), size));

        static ExpectedObject Shape(double[] polygon) =>
            new("cat", new CocoBox(0, 0, Side, Side), ObjectMask.Of(Side, Side, [polygon]), 1);
    }

    [Fact]
    public void A_step_changes_an_example_always_in_the_same_way_and_others_otherwise()
    {
        Augmenter augmenter = Augmenter(new Augmentation(Flip: 0.5, LeastCrop: 0.5, Color: 0.3));
        LoadedExample loaded = new(Objects(("cat", 0, 20), ("dog", 10, 30)), Drawn((0, 0, 20, 10)), SoftTokens: null);
        LoadedExample[] seen = [.. Enumerable.Range(0, 12).Select(step => augmenter.Change(loaded, step, 0))];
        LoadedExample again = augmenter.Change(loaded, 7, 0);
        Assert.Equal(seen[7].Picture!.Pixels.ToArray(), again.Picture!.Pixels.ToArray());
        Assert.Equal(seen[7].Example.Answer, again.Example.Answer);
        Assert.True(seen.Select(each => each.Example.Answer).Distinct().Count() > 6);
        Assert.NotEqual(seen[7].Example.Answer, augmenter.Change(loaded, 7, 1).Example.Answer);
        Assert.All(seen, each => Assert.Equal(
            _network.Tokenizer.Tokenize(each.Example.Answer), each.Example.Tokens.Suffix.SkipLast(1)));
    }

    [Fact]
    public void A_crop_that_would_leave_nothing_is_not_made()
    {
        Augmenter augmenter = Augmenter(new Augmentation(LeastCrop: 0.05));
        LoadedExample loaded = new(Objects(("cat", 0, 1)), Drawn((0, 0, 1, 10)), SoftTokens: null);
        LoadedExample[] seen = [.. Enumerable.Range(0, 40).Select(step => augmenter.Change(loaded, step, 0))];
        Assert.All(seen, each => Assert.Contains("<loc", each.Example.Answer, StringComparison.Ordinal));
        Assert.Contains(seen, each => each.Picture!.Width == Width);
    }

    [Theory]
    [InlineData("<loc0000><loc0000><loc0100><loc0100><seg000> cat", "its masks are tokens, which can not be mirrored or cropped")]
    [InlineData("it is at <loc0000>", "it has location tokens that are in no box")]
    [InlineData("<loc0000><loc0000><loc0100><loc0100> cat", null)]
    [InlineData("a cat", null)]
    public void What_can_not_be_moved_is_told(string answer, string? obstacle) =>
        Assert.Equal(obstacle, MovedText.Obstacle(new TrainingExample(new PictureFile("a.png"), "detect cat", answer, "line 1")));

    private static string Text(string answer, PictureView view) => new MovedText(masks: null).Of(
        new TrainingExample(new PictureFile("a.png"), "detect cat", answer, "line 1"), view, new PictureSize(Width, Height))!.Value.Answer;

    private static TrainingExample Objects(params (string Label, int X, int Length)[] boxes)
    {
        ExpectedObject[] all = [.. boxes.Select(each => new ExpectedObject(each.Label, new CocoBox(each.X, 0, each.Length, 10), null, 1))];
        PictureSize size = new(Width, Height);
        InstanceText text = InstanceText.Of(all, size, masks: null);
        return new TrainingExample(new PictureFile("a.png"), text.Prefix, text.Suffix, "line 1")
        {
            Objects = new ExampleObjects(all, size, Prompt: null),
        };
    }

    private Augmenter Augmenter(Augmentation augmentation) => new(
        augmentation, seed: 42, new MovedText(masks: null),
        new ExampleTokenizer(_network.Tokenizer, _network.ContextLength, _network.Tower.Layout.Patches));

    private static RgbImage Drawn((int X, int Y, int X2, int Y2) box)
    {
        byte[] pixels = new byte[3 * Width * Height];
        for (int y = box.Y; y < box.Y2; y++) pixels.AsSpan(3 * ((y * Width) + box.X), 3 * (box.X2 - box.X)).Fill(200);
        return new RgbImage(Width, Height, pixels);
    }

    private static PixelBox? Bounds(RgbImage picture)
    {
        (int X, int Y)[] inside =
        [
            .. from y in Enumerable.Range(0, picture.Height)
               from x in Enumerable.Range(0, picture.Width)
               where picture.Pixels[3 * ((y * picture.Width) + x)] != 0
               select (x, y),
        ];
        if (inside.Length == 0) return null;
        return new PixelBox(
            inside.Min(each => each.X), inside.Min(each => each.Y), inside.Max(each => each.X) + 1, inside.Max(each => each.Y) + 1);
    }
}
