using PaliGguf.Training.Network;
using PaliGguf.Training.Tests.Goldens;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Network;

public sealed class SequenceContextTests
{
    [Fact]
    public async Task A_row_that_is_decoded_alone_sees_what_it_sees_among_all_rows()
    {
        const int Rows = 9;
        int[] padding = [0, 2];
        using PairNetwork network = await TrainingGolden.Load("tiny-g2").OpenAsync();
        using IDisposable scope = NewDisposeScope();
        DecoderShape shape = network.Decoder with { SlidingWindow = 4 };
        using KeyValueCache cache = new(layers: 1, Rows);
        SequenceContext all = SequenceContext.OfAnswers(shape, padding, 0, Rows, cache);
        SequenceContext last = SequenceContext.OfAnswers(shape, padding, Rows - 1, 1, cache);
        Assert.Equal(Floats(all.Mask.narrow(3, Rows - 1, 1)), Floats(last.Mask));
        Assert.Equal(Floats(all.WindowMask.narrow(3, Rows - 1, 1)), Floats(last.WindowMask));
        Assert.Equal(Floats(all.Cosines.narrow(0, Rows - 1, 1)), Floats(last.Cosines));
        Assert.Equal([8L, 17L], all.Targets.data<long>().ToArray());
        Assert.Equal([0L, 1L], last.Targets.data<long>().ToArray());

        // Rows 5 to 8 are seen, from the ninth on.
        Assert.Equal([5, 6, 7, 8], Seen(last.WindowMask, 0));
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], Seen(last.Mask, 1));
    }

    [Fact]
    public async Task A_sliding_window_goes_by_positions_where_examples_are_behind_each_other()
    {
        using PairNetwork network = await TrainingGolden.Load("tiny-g2").OpenAsync();
        using IDisposable scope = NewDisposeScope();
        ExampleTokens[] texts = [new([1, 2], [3, 4]), new([1], [2, 3])];
        SequenceContext context = SequenceContext.Of(
            network.Decoder with { SlidingWindow = 3 }, pictureRows: 2, new Sequences([texts]), dropoutSeed: null);
        // Two rows of the picture, three of the first text, two of the second, which takes the first's positions, and padding.
        Assert.Equal([3L, 4L, 5L, 6L], context.Targets.data<long>().ToArray());
        Assert.Equal([0, 1], Seen(context.Mask[0, 0, 0], 1));
        Assert.Equal([0, 1, 2, 3], Seen(context.Mask[0, 0, 0], 2));
        Assert.Equal([0, 1, 2, 3, 4], Seen(context.Mask[0, 0, 0], 4));
        Assert.Equal([0, 1, 5, 6], Seen(context.Mask[0, 0, 0], 6));
        Assert.Equal([2, 3, 4], Seen(context.WindowMask[0, 0, 0], 4));
        Assert.Equal([1, 5, 6], Seen(context.WindowMask[0, 0, 0], 6));
    }

    private static int[] Seen(Tensor mask, int example) =>
        [.. Floats(mask[example]).Index().Where(each => each.Item == 0).Select(each => each.Index)];

    private static float[] Floats(Tensor values) => values.contiguous().data<float>().ToArray();
}
