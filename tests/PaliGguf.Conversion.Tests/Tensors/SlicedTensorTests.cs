using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class SlicedTensorTests
{
    [Fact]
    public void A_layer_of_a_stack_has_a_shape_of_its_own()
    {
        SlicedTensor layer = new(new MemoryTensor([3, 2, 2]), 4, 2, 2);
        float[] values = new float[3];
        layer.Read(1, values);
        Assert.Equal([2, 2], layer.Shape);
        Assert.Equal([6, 7, 8], values);
    }

    [Fact]
    public void Elements_beyond_the_end_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlicedTensor(new MemoryTensor([6]), 4, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlicedTensor(new MemoryTensor([6]), -1, 3));
    }
}
