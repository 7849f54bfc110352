using PaliGguf.Training.Network;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Weights;

public sealed class ProductTapeTests
{
    [Theory]
    [InlineData("tiny-g1", AdapterTargets.QueryValue, 0, false)]
    [InlineData("tiny-g2", AdapterTargets.QueryValue, 0, false)]
    [InlineData("tiny-g1", AdapterTargets.AllLinear, 0.3, true)]
    [InlineData("tiny-g2", AdapterTargets.AllLinear, 0.3, true)]
    internal async Task A_layer_whose_products_are_kept_has_the_gradients_of_one_that_computes_them_again(
        string model, AdapterTargets targets, double dropout, bool tower)
    {
        TuningPlan plan = new(TuningMethod.Lora)
        {
            Targets = targets,
            AdaptsTower = tower,
            Form = new LowRankForm(Rank: 4, Dropout: dropout),
        };
        (IReadOnlyList<float[]> expected, float[][] gradients) = await StepAsync(model, plan, 0);
        foreach (long kept in (long[])[await OneLayerAsync(model), long.MaxValue])
        {
            (IReadOnlyList<float[]> losses, float[][] found) = await StepAsync(model, plan, kept);
            Assert.Equal(expected, losses);
            Assert.All(gradients.Zip(found), pair => Assert.True(Statistics.RelativeDistance(pair.Second, pair.First) < 1e-4));
        }
    }

    [Fact]
    public async Task Matrices_that_are_trained_are_computed_again()
    {
        TuningPlan plan = new(TuningMethod.Attention);
        (IReadOnlyList<float[]> expected, float[][] gradients) = await StepAsync("tiny-g2", plan, 0);
        (IReadOnlyList<float[]> losses, float[][] found) = await StepAsync("tiny-g2", plan, long.MaxValue);
        Assert.Equal(expected, losses);
        Assert.All(gradients.Zip(found), pair => Assert.True(Statistics.RelativeDistance(pair.Second, pair.First) < 1e-4));
    }

    private static async Task<(IReadOnlyList<float[]> Losses, float[][] Gradients)> StepAsync(string model, TuningPlan plan, long kept)
    {
        TrainingGolden golden = TrainingGolden.Load(model);
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = true, MostKept = kept });
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyList<TrainedTensor> trained = plan.Apply(network);
        // Factors B begin with zeros, behind which nothing would be seen.
        using (no_grad())
        {
            foreach (TrainedTensor each in trained.Where(each => each.Name.EndsWith("lora_B.weight", StringComparison.Ordinal)))
                each.Value.copy_(linspace(-1, 1, each.Value.numel()).sin().view(each.Value.shape) * 0.1f);
        }

        IReadOnlyList<float[]> losses = network.Accumulate(golden.Batch(network, 0, 1), [0.4, 0.6], dropoutSeed: 5);
        return (losses, [.. trained.Select(each => each.Value.grad!.contiguous().data<float>().ToArray())]);
    }

    private static async Task<long> OneLayerAsync(string model)
    {
        TrainingGolden golden = TrainingGolden.Load(model);
        using PairNetwork network = await golden.OpenAsync(new NetworkOptions { IsStreamed = true });
        using DisposeScope scope = NewDisposeScope();
        Sequences texts = new([.. golden.Batch(network, 0, 1).Examples.Select(each => (ExampleTokens[])[each])]);
        long rows = 2 * (network.Tower.Layout.Patches + texts.TextRows);
        return ProductTape.BytesOf(network.DecoderLayers[0].Linears, rows, sizeof(float));
    }
}
