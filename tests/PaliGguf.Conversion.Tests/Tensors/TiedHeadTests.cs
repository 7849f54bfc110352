using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class TiedHeadTests
{
    private static readonly MemoryTensor Embedding = new([1000, 300], name: "embed");

    [Fact]
    public void Rows_from_the_image_token_on_may_differ()
    {
        Check(Head(change: null));
        Check(Head(change: 900 * 300));
        Check(new MemoryTensor([900, 300], name: "head"));
    }

    [Fact]
    public void A_difference_anywhere_before_it_is_refused()
    {
        OneLineError.Check(() => Check(Head(change: 0)), "tensor head differs from embed in row 0");
        OneLineError.Check(() => Check(Head(change: (900 * 300) - 1)), "row 899");
    }

    [Theory]
    [InlineData(899, 300)]
    [InlineData(1001, 300)]
    [InlineData(1000, 299)]
    public void Another_shape_is_refused(int rows, int columns) => OneLineError.Check(() => Check(new MemoryTensor([rows, columns], name: "head")), "[1000, 300]");

    [Fact]
    public void It_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => TiedHead.Check(Head(null), Embedding, 900, new CancellationToken(canceled: true)));

    private static MemoryTensor Head(int? change)
    {
        float[] values = new float[Embedding.Count];
        Embedding.Read(0, values);
        if (change is { } place) values[place] += 1;
        return new MemoryTensor([1000, 300], values, "head");
    }

    private static void Check(SourceTensor head) => TiedHead.Check(head, Embedding, imageId: 900, CancellationToken.None);
}
