using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runtime;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Optimization;

public sealed class MuonTests
{
    public MuonTests() => TorchRuntime.Load(threads: 1);

    [Theory]
    [InlineData(12, 12)]
    [InlineData(8, 40)]
    [InlineData(40, 8)]
    public void A_step_has_the_singular_vectors_of_its_gradient_and_values_near_1(long rows, long columns)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrix = Matrix(rows, columns);
        Tensor step = Muon.Orthogonal(matrix);
        (Tensor left, Tensor values, Tensor right) = linalg.svd(matrix, fullMatrices: false);
        Tensor turned = matmul(matmul(left.t(), step), right.t());
        float[] diagonal = turned.diag().data<float>().ToArray();
        Assert.All(diagonal, value => Assert.InRange(value, 0.6f, 1.25f));
        Assert.True((turned - diag(turned.diag())).abs().max().item<float>() < 1e-3f);
        Assert.True(values.max().item<float>() > 1.5f * values.min().item<float>(), "a matrix that is orthogonal already shows nothing");
    }

    [Fact]
    public void Matrices_move_as_far_as_the_rate_says_and_the_rest_as_AdamW_moves_it()
    {
        using DisposeScope scope = NewDisposeScope();
        AdamSettings adam = new(WeightDecay: 0.5);
        Tensor matrix = Matrix(8, 32).requires_grad_(), gain = ones(8).requires_grad_(), other = ones(8).requires_grad_();
        Tensor before = matrix.detach().clone();
        (matrix.grad, gain.grad, other.grad) = (Matrix(8, 32).sin(), ones(8), ones(8));
        using Muon muon = new([new("m", matrix) { IsProduct = true }, new("g", gain) { Decays = false }], 0.95, adam);
        using AdamW plain = new([new("o", other) { Decays = false }], adam);
        muon.Step(0.1);
        plain.Step(0.1);
        // The first sum is the gradient, of which no part goes on yet: what is made orthogonal has its direction.
        Tensor expected = before.Times(1 - 0.05).Add(Muon.Orthogonal(matrix.grad!), -0.1 * 0.2 * Math.Sqrt(32));
        Assert.True((matrix - expected).abs().max().item<float>() < 1e-5f);
        Assert.Equal(other.data<float>().ToArray(), gain.data<float>().ToArray());
        Assert.Equal(["m.momentum", "g.adam_m", "g.adam_v"], muon.Memory.Select(each => each.Name));
    }

    private static Tensor Matrix(long rows, long columns)
    {
        Random random = new(7);
        float[] values = [.. Enumerable.Range(0, (int)(rows * columns)).Select(_ => (2 * random.NextSingle()) - 1)];
        return tensor(values, [rows, columns]).Plus(eye(rows, columns).Times(2));
    }
}
