using PaliGguf.Evaluation.Comparison;

namespace PaliGguf.Evaluation.Tests.Comparison;

public sealed class BoxAgreementTests
{
    private const string Cat = "<loc0000><loc0000><loc0100><loc0100> cat";
    private const string HalfOfCat = "<loc0000><loc0000><loc0100><loc0050> cat";
    private const string OtherCat = "<loc0500><loc0500><loc0600><loc0600> cat";
    private const string Dog = "<loc0000><loc0000><loc0100><loc0100> dog";

    [Theory]
    [InlineData("", "", 0, 0)]
    [InlineData("a cat", "a dog", 0, 0)]
    [InlineData(Cat, Cat, 1, 1)]
    [InlineData(Cat, HalfOfCat, 1, 0.5)]
    [InlineData(Cat, "", 1, 0)]
    [InlineData("", Cat, 1, 0)]
    [InlineData(Cat, Dog, 2, 0)]
    [InlineData(Cat, OtherCat, 2, 0)]
    [InlineData(Cat + " ; " + OtherCat, OtherCat + " ; " + Cat, 2, 2)]
    [InlineData(Cat, Cat + " ; " + HalfOfCat, 2, 1)]
    [InlineData(HalfOfCat + " ; " + Cat, Cat, 2, 1)]
    [InlineData(Cat, "<loc0000><loc0000><loc0100> cat", 1, 0)]
    public void Boxes_are_paired_by_label_the_best_first(string reference, string candidate, int boxes, double overlap)
    {
        BoxAgreement agreement = BoxAgreement.Of(reference, candidate, masks: false);
        Assert.Equal(boxes, agreement.Boxes);
        Assert.Equal(overlap, agreement.Overlap, 1e-6);
    }

    [Fact]
    public void Instances_with_masks_have_boxes_too()
    {
        string codewords = string.Concat(Enumerable.Range(0, 16).Select(codeword => $"<seg{codeword:D3}>"));
        string instance = Cat.Replace(" cat", codewords + " cat", StringComparison.Ordinal);
        Assert.Equal(new BoxAgreement(1, 1), BoxAgreement.Of(instance, instance, masks: true));
    }
}
