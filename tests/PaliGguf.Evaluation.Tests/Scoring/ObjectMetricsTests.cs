using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Scoring;

public sealed class ObjectMetricsTests
{
    private const string Codewords =
        "<seg010><seg020><seg030><seg040><seg050><seg060><seg070><seg080><seg090><seg100><seg110><seg120><seg001><seg002><seg003><seg004>";

    private static readonly PictureSize Size = new(1023, 1023);

    private static readonly MetricOptions Masks = new()
    {
        Masks = MaskDecoder.Read(Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf")),
    };

    [Fact]
    public void Boxes_that_are_found_score_all()
    {
        AnswerSheet sheet = Sheet("<loc0100><loc0200><loc0300><loc0500> dog ; <loc0400><loc0100><loc0500><loc0200> cat", Dog, Cat);
        Assert.All(AnswerMetrics.Score("boxes", sheet), value => Assert.Equal(1, value.Value, 6));
        Assert.Equal(1, Value("ap-boxes", "box AP", sheet), 6);
    }

    [Fact]
    public void What_is_missed_misnamed_or_too_much_counts()
    {
        // The dog by 0.525 of its height, the cat called a cow, and a dog where none is.
        AnswerSheet sheet = Sheet(
            "<loc0100><loc0200><loc0205><loc0500> dog ; <loc0400><loc0100><loc0500><loc0200> cow ; <loc0600><loc0600><loc0700><loc0700> dog", Dog, Cat);
        Assert.Equal(0.2625, Value("boxes", "box IoU", sheet), 6);
        Assert.Equal(0.5, Value("boxes", "recall at 0.5", sheet), 6);
        Assert.Equal(0, Value("boxes", "recall at 0.75", sheet), 6);
        Assert.Equal(1.0 / 3, Value("boxes", "precision at 0.5", sheet), 6);
        Assert.Equal(0, Value("boxes", "right number", sheet), 6);
        Assert.Equal(0.525 / 3, Value("boxes", "box IoU per answer", sheet), 6);
        // Dogs are found up to a threshold of 0.5, one of ten; cats are not.
        Assert.Equal(0.05, Value("ap-boxes", "box AP", sheet), 6);
    }

    [Fact]
    public void Nothing_for_nothing_is_right()
    {
        AnswerSheet sheet = Sheet("");
        Assert.Equal(1, Value("boxes", "right number", sheet));
        Assert.Equal(1, Value("boxes", "box IoU per answer", sheet));
    }

    [Fact]
    public void Surer_boxes_come_first()
    {
        const string Text = "<loc0600><loc0600><loc0700><loc0700> dog ; <loc0100><loc0200><loc0300><loc0500> dog";
        Assert.Equal(1, Precision(0.2, 0.9), 6);
        Assert.Equal(0.5, Precision(0.9, 0.2), 6);

        double Precision(params double[] scores) => Value("ap-boxes", "box AP", Sheet(new GivenAnswer(Text) { Scores = scores }, Dog));
    }

    [Fact]
    public void A_suffix_tells_the_objects_where_nothing_else_does()
    {
        const string Text = "<loc0100><loc0200><loc0300><loc0500> dog";
        ExpectedAnswer expected = new("1", [Text]);
        AnswerSheet sheet = AnswerSheet.Create(
            new Dictionary<string, GivenAnswer> { ["1"] = new GivenAnswer(Text) { Picture = new PictureSize(64, 48) } }, [expected]);
        Assert.Equal(1, Value("boxes", "box IoU", sheet), 6);
        AnswerSheet unknown = AnswerSheet.Create(new Dictionary<string, GivenAnswer> { ["1"] = new GivenAnswer(Text) }, [expected]);
        Assert.Contains("the size of the picture of '1'", Assert.Throws<PaliException>(() => AnswerMetrics.Score("boxes", unknown)).Message);
    }

    [Fact]
    public void Masks_are_decoded_and_compared()
    {
        string answer = "<loc0100><loc0200><loc0300><loc0500>" + Codewords + " dog";
        AnsweredInstance instance = InstanceAnswer.Parse(answer, masks: true).Instances.Single();
        RunLengthMask mask = new Mask(
            Masks.Masks!.Decode(instance.Codewords.AsSpan()), instance.Box.ToPixels(Size.Width, Size.Height), Size.Width, Size.Height).ToRunLengths();
        Assert.True(mask.Area > 100);
        AnswerSheet right = Sheet(answer, Dog with { Mask = ObjectMask.Of(mask) });
        Assert.Equal(1, Value("masks", "mask IoU", right), 6);
        Assert.Equal(1, Value("ap-masks", "mask AP", right), 6);
        Assert.Equal(1, Value("refcoco", "box accuracy at 0.75", right), 6);
        Assert.InRange(Value("refcoco", "mask IoU", right), 0.97, 1);

        AnswerSheet nothing = Sheet("no dog", Dog with { Mask = ObjectMask.Of(mask) });
        Assert.Equal(0, Value("masks", "mask IoU", nothing), 6);
        Assert.Equal(1, Value("refcoco", "without an object", nothing), 6);
        Assert.Contains("an object of '1' has no mask", Assert.Throws<PaliException>(() => AnswerMetrics.Score("masks", Sheet(answer, Dog), Masks)).Message);
        Assert.Contains("need the decoder", Assert.Throws<PaliException>(() => AnswerMetrics.Score("masks", right)).Message);
    }

    private static ExpectedObject Dog => new("dog", new CocoBox(200, 100, 300, 200), Mask: null, 60_000);

    private static ExpectedObject Cat => new("cat", new CocoBox(100, 400, 100, 100), Mask: null, 10_000);

    private static double Value(string metric, string name, AnswerSheet sheet) =>
        AnswerMetrics.Score(metric, sheet, Masks).Single(value => value.Name == name).Value;

    private static AnswerSheet Sheet(string answer, params ExpectedObject[] objects) => Sheet(new GivenAnswer(answer), objects);

    private static AnswerSheet Sheet(GivenAnswer answer, params ExpectedObject[] objects) => AnswerSheet.Create(
        new Dictionary<string, GivenAnswer> { ["1"] = answer }, [new ExpectedAnswer("1", []) { Objects = objects, Size = Size }]);
}
