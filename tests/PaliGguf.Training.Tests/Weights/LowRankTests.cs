using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Weights;

public sealed class LowRankTests : IDisposable
{
    private readonly DisposeScope _scope;

    public LowRankTests()
    {
        TorchRuntime.Load(threads: 1);
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void It_begins_with_nothing_added_and_as_PEFT_begins()
    {
        using LowRank pair = new(inputs: 64, outputs: 16, new LowRankForm(Rank: 4), number: 0);
        Assert.Equal(0, pair.Apply(randn(3, 64), dropoutSeed: 1).abs().max().Element<float>());
        Assert.InRange(pair.A.abs().max().Element<float>(), 0.1, 1 / Math.Sqrt(64));
        using LowRank other = new(inputs: 64, outputs: 16, new LowRankForm(Rank: 4), number: 1);
        Assert.NotEqual(pair.A.sum().Element<float>(), other.A.sum().Element<float>());
    }

    [Theory]
    [InlineData(false, 4)]
    [InlineData(true, 8)]
    public void Its_scale_follows_from_alpha_and_rank(bool stabilized, double scale) =>
        Assert.Equal(scale, new LowRankForm(Rank: 4, Alpha: 16, RankStabilized: stabilized).Scale);

    [Fact]
    public void Dropout_leaves_out_the_same_inputs_for_the_same_seed_and_keeps_the_mean()
    {
        using LowRank pair = new(inputs: 4000, outputs: 1, new LowRankForm(Rank: 1, Alpha: 1, Dropout: 0.25), number: 3);
        using (no_grad())
        {
            pair.A.zero_().Add(1.0 / 4000);
            pair.B.zero_().Add(1);
        }

        Tensor x = ones(1, 4000);
        float first = pair.Apply(x, dropoutSeed: 7).Element<float>();
        Assert.Equal(first, pair.Apply(x, dropoutSeed: 7).Element<float>());
        Assert.NotEqual(first, pair.Apply(x, dropoutSeed: 8).Element<float>());
        Assert.InRange(first, 0.95, 1.05);
        Assert.Equal(1, pair.Apply(x, dropoutSeed: null).Element<float>(), 1e-4);
    }
}
