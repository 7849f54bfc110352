using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Tests.Metrics.Objects;

public sealed class AveragePrecisionTests
{
    private static readonly CocoBox Box = new(10, 10, 40, 40);

    [Fact]
    public void Masks_score_as_the_boxes_that_they_fill()
    {
        CocoBox[] found = [Box, new CocoBox(14, 12, 40, 40), new CocoBox(60, 60, 20, 20)];
        AveragePrecisionScore boxes = Score(found, box => box);
        AveragePrecisionScore masks = Score(found, Fill);
        Assert.Equal(boxes, masks);
        Assert.InRange(boxes.Precision!.Value, 0.1, 0.9);

        static AveragePrecisionScore Score<TShape>(CocoBox[] found, Func<CocoBox, TShape> shape)
            where TShape : ICocoShape<TShape> => AveragePrecision.Score<TShape>(
                [new(1, 1, shape(Box)), new(1, 1, shape(new CocoBox(60, 60, 30, 30)))],
                [.. found.Select((box, i) => new DetectedObject<TShape>(1, 1, shape(box), 1 - (0.1 * i)))]);
    }

    [Fact]
    public void Without_objects_there_is_no_precision()
    {
        AveragePrecisionScore score = AveragePrecision.Score<CocoBox>([], [new(1, 1, Box, 0.5)]);
        Assert.Null(score.Precision);
        Assert.Null(score.Recall100);
    }

    [Fact]
    public void Only_the_best_hundred_of_a_picture_count()
    {
        DetectedObject<CocoBox>[] wrong = [.. Enumerable.Repeat(new DetectedObject<CocoBox>(1, 1, new CocoBox(200, 200, 9, 9), 0.9), 100)];
        Assert.Equal(0, AveragePrecision.Score<CocoBox>([new(1, 1, Box)], [.. wrong, new(1, 1, Box, 0.8)]).Recall100);
        Assert.Equal(1, AveragePrecision.Score<CocoBox>([new(1, 1, Box)], [.. wrong[1..], new(1, 1, Box, 0.8)]).Recall100);
    }

    [Fact]
    public void A_score_that_is_no_number_is_an_error() =>
        Assert.Throws<ArgumentException>(() => AveragePrecision.Score<CocoBox>([new(1, 1, Box)], [new(1, 1, Box, double.NaN)]));

    private static CocoMask Fill(CocoBox box) => new(PolygonMask.Fill(100, 100,
        [[box.X, box.Y, box.X + box.Width, box.Y, box.X + box.Width, box.Y + box.Height, box.X, box.Y + box.Height]]));
}
