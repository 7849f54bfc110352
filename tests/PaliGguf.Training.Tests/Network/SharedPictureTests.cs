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
        ExampleTokens[] examples =
        [
            .. pictures.Select((_, i) => two.Examples[i % 2] with { Suffix = [.. two.Examples[i % 2].Suffix.Take(1 + (i % 3))] }),
        ];
        double[] weights = [0.1, 0.2, 0.3, 0.4, 0.5];
        Tensor pixels = two.Pixels!.index_select(0, tensor([.. pictures.Select(each => (long)each)]));
        IReadOnlyList<float[]> expected = network.Accumulate(new Batch(examples, pixels), weights);
        float[][] gradients = [.. trained.Select(each => Floats(each.Value.grad!))];

        foreach (TrainedTensor each in trained) each.Value.grad!.zero_();
        IReadOnlyList<float[]> losses = network.Accumulate(new Batch(examples, two.Pixels) { Pictures = pictures, Together = 2 }, weights);

        Assert.Equal(expected.Select(each => each.Length), losses.Select(each => each.Length));
        Assert.All(expected.SelectMany(each => each).Zip(losses.SelectMany(each => each)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        // A bias of keys moves all scores of a query alike: its gradient is nothing but rounding.
        Assert.All(trained.Zip(gradients).Where(pair => !pair.First.Name.EndsWith("k_proj.bias", StringComparison.Ordinal)), pair => Assert.True(
            Statistics.RelativeDistance(pair.First.Value.grad!, pair.Second) < 1e-3, pair.First.Name));
    }

    private static float[] Floats(Tensor x) => x.to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
