using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Weights;

/// <summary>
/// What the frozen products of a layer gave on the way forward, kept so that a layer that is computed once more takes them from here:
/// its matrices are then multiplied twice a step and not three times. A product that is taken from here is a leaf, behind which the way
/// back goes on by hand: what a product's output wants, times its matrix, is what its input wants.
/// </summary>
internal sealed class ProductTape : IDisposable
{
    private readonly List<Tensor> _kept = [];
    private readonly List<Taken> _taken = [];
    private bool _isReplayed;

    /// <summary>The bytes that a layer's products are kept in.</summary>
    /// <param name="products">The layer's.</param>
    /// <param name="rows">The rows that they are computed for.</param>
    /// <param name="elementBytes">Of an element.</param>
    public static long BytesOf(IEnumerable<Linear> products, long rows, int elementBytes) =>
        products.Where(IsKept).Sum(each => each.Weight.Rows) * rows * elementBytes;

    /// <summary>The product: computed and kept on the way forward, taken from here when the layer is computed once more.</summary>
    /// <param name="product">The product, without an adapter.</param>
    /// <param name="x">Its input.</param>
    public Tensor Apply(Linear product, Tensor x)
    {
        if (!IsKept(product)) return product.Multiply(x);
        if (!_isReplayed)
        {
            Tensor y = product.Multiply(x);
            _kept.Add(y.alias().DetachFromDisposeScope());
            return y;
        }

        // What the layer knows them by ends with it; the ways behind them do not.
        Taken taken = new(
            product.Weight, x, x.alias().DetachFromDisposeScope(), _kept[_taken.Count].detach().DetachFromDisposeScope().requires_grad_());
        _taken.Add(taken);
        return taken.Output.alias();
    }

    /// <summary>From now on products are taken.</summary>
    public void Replay() => _isReplayed = true;

    /// <summary>The way back through a layer that was computed once more, whose matrices are still prepared.</summary>
    /// <param name="output">What it gave.</param>
    /// <param name="gradient">Of that.</param>
    public void Backward(Tensor output, Tensor gradient)
    {
        // Ways behind different products meet in what was before them.
        output.backward([gradient], retain_graph: true);
        for (int last = _taken.Count - 1, first; last >= 0; last = first - 1)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = _taken[last].Input;
            for (first = last; first > 0 && ReferenceEquals(_taken[first - 1].Source, _taken[last].Source);) first--;
            if (!input.requires_grad) continue;
            Tensor[] wanted =
            [
                .. _taken[first..(last + 1)].Where(each => each.Output.grad is not null)
                    .Select(each => matmul(each.Output.grad!, each.Matrix.As(input.dtype))),
            ];
            if (wanted.Length == 0) continue;
            foreach (Tensor further in wanted.Skip(1)) wanted[0].Add(further);
            input.backward([wanted[0]], retain_graph: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor kept in _kept) kept.Dispose();
        foreach (Taken taken in _taken)
        {
            taken.Input.Dispose();
            taken.Output.Dispose();
        }
    }

    // One that is trained needs its input's way too.
    private static bool IsKept(Linear product) => !product.Weights.Any(weight => weight.IsTrained);

    private sealed record Taken(Weight Matrix, Tensor Source, Tensor Input, Tensor Output);
}
