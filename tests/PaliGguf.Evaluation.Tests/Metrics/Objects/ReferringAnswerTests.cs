using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Tests.Metrics.Objects;

public sealed class ReferringAnswerTests
{
    private static readonly string Mask = string.Concat(Enumerable.Repeat("<seg127>", MaskDecoder.Codewords));

    [Fact]
    public void What_follows_the_first_object_does_not_matter()
    {
        ReferringAnswer? answer = ReferringAnswer.Parse(
            "<loc0001><loc0002><loc0003><loc1023>" + Mask + " cat ; <loc0001>", _ => new float[1]);
        Assert.Equal((1, 2, 3, 1023), (answer!.YMin, answer.XMin, answer.YMax, answer.XMax));
    }

    [Theory]
    [InlineData("<loc0001><loc0002><loc0003><loc1024>")]
    [InlineData(" <loc0001><loc0002><loc0003><loc0004>")]
    [InlineData("<loc0001><loc0002><loc0003>")]
    [InlineData("<loc001><loc0002><loc0003><loc0004>")]
    public void An_answer_without_a_box_is_none(string box) =>
        Assert.Null(ReferringAnswer.Parse(box + Mask, _ => throw new InvalidOperationException()));

    [Fact]
    public void A_codeword_that_the_decoder_does_not_have_is_none() =>
        Assert.Null(ReferringAnswer.Parse(
            "<loc0001><loc0002><loc0003><loc0004>" + Mask.Replace("127", "128"), _ => throw new InvalidOperationException()));
}
