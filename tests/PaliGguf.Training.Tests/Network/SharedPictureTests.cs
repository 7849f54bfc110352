using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Network;

public sealed class SharedPictureTests
{
    [Theory]
    [InlineData("tiny-g1", false)]
    [InlineData("tiny-g2", true)]
    public async Task Examples_that_share_pictures_have_the_losses_and_gradients_of_each_with_its_own(string model, bool streamed)
    {
        TrainingGolden golden = TrainingGolden.Load(model);
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = streamed });
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = new TuningPlan(TuningMethod.Full).Apply(network);
        Batch two = golden.Batch(network, 0, 1);
        int[] pictures = [1, 0, 0, 1, 0];
        ExampleTokens[] examples = Examples(two, pictures.Length);
        Tensor pixels = two.Pixels!.index_select(0, tensor([.. pictures.Select(each => (long)each)]));
        IReadOnlyList<float[]> expected = network.Accumulate(new Batch(examples, pixels), Weights);
        float[][] gradients = Take(trained);
        Batch shared = new(examples, two.Pixels) { Pictures = pictures, Together = 2 };
        AssertAlike(expected, network.Accumulate(shared, Weights));
        AssertAlike(gradients, trained);
    }

    [Theory]
    [InlineData("tiny-g1", false)]
    [InlineData("tiny-g2", true)]
    public async Task Examples_behind_each_other_have_the_losses_and_gradients_of_each_alone_where_pictures_see_no_prompt(
        string model, bool streamed)
    {
        TrainingGolden golden = TrainingGolden.Load(model);
        // What the picture's rows become in the only layer is seen by none.
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = streamed, MostLayers = 1 });
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = new TuningPlan(TuningMethod.Full).Apply(network);
        Batch two = golden.Batch(network, 0, 1);
        Batch alone = new(Examples(two, 5), two.Pixels) { Pictures = [1, 0, 0, 1, 0], Together = 2 };
        IReadOnlyList<float[]> expected = network.Accumulate(alone, Weights);
        float[][] gradients = Take(trained);
        AssertAlike(expected, network.Accumulate(alone with { Packed = 2 }, Weights));
        AssertAlike(gradients, trained);
    }

    [Fact]
    public async Task Examples_behind_each_other_do_not_see_each_other()
    {
        TrainingGolden golden = TrainingGolden.Load("tiny-g2");
        using PairNetwork network = await golden.OpenAsync();
        using DisposeScope scope = NewDisposeScope();
        Batch two = golden.Batch(network, 0, 1);
        ExampleTokens[] examples = Examples(two, 5);
        Batch packed = new(examples, two.Pixels!.narrow(0, 0, 1)) { Pictures = [0, 0, 0, 0, 0], Packed = 5 };
        IReadOnlyList<float[]> losses = network.Evaluate(packed);
        AssertAlike([.. losses.Reverse()], network.Evaluate(packed with { Examples = [.. examples.Reverse()] }));
        AssertAlike(losses, network.Evaluate(packed with { Packed = 3 }));
    }

    private static double[] Weights { get; } = [0.1, 0.2, 0.3, 0.4, 0.5];

    private static ExampleTokens[] Examples(Batch two, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => two.Examples[i % 2] with { Suffix = [.. two.Examples[i % 2].Suffix.Take(1 + (i % 3))] }),
    ];

    private static float[][] Take(IReadOnlyList<TrainedTensor> trained) =>
    [
        .. trained.Select(each =>
        {
            float[] gradient = Floats(each.Value.grad!);
            each.Value.grad!.zero_();
            return gradient;
        }),
    ];

    private static void AssertAlike(IReadOnlyList<float[]> expected, IReadOnlyList<float[]> losses)
    {
        Assert.Equal(expected.Select(each => each.Length), losses.Select(each => each.Length));
        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, (x, y) => Math.Abs(x - y) <= 1e-4));
    }

    // A bias of keys moves all scores of a query alike: its gradient is nothing but rounding.
    private static void AssertAlike(float[][] gradients, IReadOnlyList<TrainedTensor> trained) => Assert.All(
        trained.Zip(gradients).Where(pair => !pair.First.Name.EndsWith("k_proj.bias", StringComparison.Ordinal)),
        pair => Assert.True(Statistics.RelativeDistance(pair.First.Value.grad!, pair.Second) < 1e-3, pair.First.Name));

    private static float[] Floats(Tensor x) => x.to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
