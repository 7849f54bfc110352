using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class PaddedTensorTests
{
    [Fact]
    public void Vectors_get_zeros_at_the_end() => Assert.Equal([1, 2, 3, 0, 0], Read(new PaddedTensor(new MemoryTensor([3]), 5)));

    [Fact]
    public void Matrices_get_zeros_below_and_to_the_right()
    {
        Assert.Equal([1, 2, 3, 4, 0, 0, 0, 0], Read(new PaddedTensor(new MemoryTensor([2, 2]), 4, 2)));
        Assert.Equal([1, 2, 0, 3, 4, 0], Read(new PaddedTensor(new MemoryTensor([2, 2]), 2, 3)));
        Assert.Equal([1, 2, 0, 3, 4, 0, 0, 0, 0], Read(new PaddedTensor(new MemoryTensor([2, 2]), 3, 3)));
    }

    [Fact]
    public void A_smaller_or_other_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new PaddedTensor(new MemoryTensor([2, 2]), 2, 1));
        Assert.Throws<ArgumentException>(() => new PaddedTensor(new MemoryTensor([2, 2]), 4));
        Assert.Throws<ArgumentException>(() => new PaddedTensor(new MemoryTensor([2, 2, 2]), 2, 2, 2));
    }

    [Fact]
    public void Any_piece_is_the_same_as_that_part_of_the_whole()
    {
        PaddedTensor tensor = new(new MemoryTensor([5, 7]), 8, 11);
        float[] whole = Read(tensor);
        Gen<(int First, int Length)> ranges = Gen.Choose(0, 88).SelectMany(first => Gen.Choose(0, 88 - first).Select(length => (first, length)));
        Prop.ForAll(ranges.ToArbitrary(), range =>
        {
            float[] piece = new float[range.Length];
            tensor.Read(range.First, piece);
            Assert.Equal(whole[range.First..(range.First + range.Length)], piece);
        }).QuickCheckThrowOnFailure();
    }

    private static float[] Read(PaddedTensor tensor)
    {
        float[] values = Enumerable.Repeat(float.NaN, (int)tensor.Count).ToArray();
        tensor.Read(0, values);
        return values;
    }
}
