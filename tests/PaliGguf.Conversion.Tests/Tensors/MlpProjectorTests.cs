using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class MlpProjectorTests
{
    [Fact]
    public void The_first_matrix_is_the_identity_and_below_it_the_negative_one() =>
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1, -1, 0, 0, 0, -1, 0, 0, 0, -1], Read(new SignedIdentity(new MemoryTensor([2, 3]))));

    [Fact]
    public void The_second_matrix_is_the_projector_and_beside_it_the_negative_one() =>
        Assert.Equal([0.5f, 1, -0.5f, -1, 1.5f, 2, -1.5f, -2], Read(new MirroredTensor(new MemoryTensor([2, 2]), 0.5f)));

    [Fact]
    public void The_tower_stays_and_what_is_not_of_it_goes()
    {
        PlannedTensor[] tensors =
        [
            new("v.post_ln.bias", TensorRole.Exact, new MemoryTensor([3])),
            new("mm.input_projection.weight", TensorRole.Matrix, new MemoryTensor([4, 3])),
            new("mm.input_projection.bias", TensorRole.Exact, new MemoryTensor([4])),
            new("mask.codebook", TensorRole.Exact, new MemoryTensor([8])),
        ];
        IReadOnlyList<PlannedTensor> planned = MlpProjector.Plan(tensors, "mm.input_projection");
        Assert.Equal(["v.post_ln.bias", "mm.0.weight", "mm.0.bias", "mm.2.weight", "mm.2.bias"], planned.Select(tensor => tensor.Name));
        Assert.Equal(["3", "6 x 3", "6", "4 x 6", "4"], planned.Select(tensor => string.Join(" x ", tensor.Source.Shape)));
        Assert.Equal([0.5f, 1, 1.5f, 2], Read(planned[^1].Source));
        Assert.All(Read(planned[2].Source), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Any_piece_is_the_same_as_that_part_of_the_whole()
    {
        Prop.ForAll(Gen.Elements<SourceTensor>(new SignedIdentity(new MemoryTensor([2, 5])),
            new MirroredTensor(new MemoryTensor([5, 7]), 0.25f)).ToArbitrary(), Gen.Choose(0, 50).Two().ToArbitrary(), (tensor, ends) =>
        {
            (int first, int last) = (Math.Min(ends.Item1, ends.Item2), Math.Max(ends.Item1, ends.Item2));
            float[] piece = Enumerable.Repeat(float.NaN, last - first).ToArray();
            tensor.Read(first, piece);
            Assert.Equal(Read(tensor)[first..last], piece);
        }).QuickCheckThrowOnFailure();
    }

    private static float[] Read(SourceTensor tensor)
    {
        float[] values = Enumerable.Repeat(float.NaN, (int)tensor.Count).ToArray();
        tensor.Read(0, values);
        return values;
    }
}
