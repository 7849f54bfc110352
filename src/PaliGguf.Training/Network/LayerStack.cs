using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>
/// Layers one after the other, and the way back through them. Of a forward pass each layer's input is kept; what else its gradient needs
/// is kept too, or computed once more when its turn comes, which takes a third longer and lets all layers share one layer's memory (arXiv
/// 1604.06174). Of as many of the last layers as there is memory for, the products are kept then, which are most of what is computed.
/// </summary>
/// <typeparam name="TContext">What layers know beside their rows.</typeparam>
/// <param name="layers">The layers.</param>
/// <param name="recompute">Whether they are computed once more.</param>
/// <param name="mostKept">The most bytes of products that are kept where layers are computed once more.</param>
internal sealed class LayerStack<TContext>(IReadOnlyList<Layer<TContext>> layers, bool recompute, long mostKept = 0)
{
    private readonly Stack<Passed> _passed = [];
    private TContext? _context;

    public IReadOnlyList<Layer<TContext>> Layers => layers;

    /// <summary>Whether anything in it is trained.</summary>
    public bool IsTrained => layers.Any(layer => layer.IsTrained);

    /// <summary>A forward pass without a way back.</summary>
    public Tensor Infer(Tensor x, TContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            foreach (Layer<TContext> layer in layers)
            {
                layer.Prepare();
                Tensor next = layer.Apply(x, context);
                if (layer != layers[0]) x.Dispose();
                x = next;
            }
        }

        return x.MoveToOuterDisposeScope();
    }

    /// <summary>A forward pass with a way back. What it keeps belongs to the caller's dispose scope.</summary>
    /// <param name="x">The input.</param>
    /// <param name="context">What is known of it.</param>
    /// <param name="inputNeedsGradient">Whether the way back leads to the input, and not only to the first layer that is trained.</param>
    public Tensor Forward(Tensor x, TContext context, bool inputNeedsGradient)
    {
        _passed.Clear();
        _context = context;
        bool needsGradient = inputNeedsGradient;
        int firstKept = recompute && mostKept > 0 ? FirstKept(x) : layers.Count;
        foreach ((int number, Layer<TContext> layer) in layers.Index())
        {
            bool isPassed = needsGradient || layer.IsTrained;
            if (isPassed && !recompute)
            {
                Tensor input = x.detach().requires_grad_(needsGradient);
                Tensor output = Compute(layer, input);
                _passed.Push(new Passed(layer, input, output, needsGradient, Tape: null));
                x = output.detach();
            }
            else
            {
                ProductTape? tape = isPassed && number >= firstKept ? new ProductTape() : null;
                // The first input is the caller's; the others are let go as soon as the way back has passed them.
                if (isPassed) _passed.Push(new Passed(layer, number == 0 ? x.detach() : x, null, needsGradient, tape));
                using (no_grad()) x = Compute(layer, x, tape);
            }

            needsGradient = isPassed;
        }

        return x;
    }

    /// <summary>The way back of the last forward pass: adds to the gradients of all that is trained.</summary>
    /// <param name="gradient">Of the output.</param>
    /// <returns>Of the input; null where it needs none.</returns>
    public Tensor? Backward(Tensor gradient)
    {
        Tensor? upstream = gradient;
        while (_passed.TryPop(out Passed passed))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = passed.Output is null ? passed.Input.detach().requires_grad_(passed.NeedsGradient) : passed.Input;
            passed.Tape?.Replay();
            Tensor output = passed.Output ?? Compute(passed.Layer, input, passed.Tape);
            upstream = upstream!.to(output.dtype);
            if (passed.Tape is { } tape) tape.Backward(output, upstream);
            else output.backward([upstream]);
            upstream = passed.NeedsGradient ? input.grad!.MoveToOuterDisposeScope() : null;
            passed.Input.Dispose();
            passed.Output?.Dispose();
            passed.Tape?.Dispose();
        }

        return upstream;
    }

    private Tensor Compute(Layer<TContext> layer, Tensor input, ProductTape? tape = null)
    {
        layer.Prepare();
        foreach (Linear linear in layer.Linears) linear.Tape = tape;
        Tensor output = layer.Apply(input, _context!);
        foreach (Linear linear in layer.Linears) linear.Tape = null;
        return output;
    }

    private int FirstKept(Tensor x)
    {
        long rows = x.numel() / x.shape[^1], left = mostKept;
        int first = layers.Count;
        while (first > 0 && (left -= ProductTape.BytesOf(layers[first - 1].Linears, rows, (int)x.ElementSize)) >= 0) first--;
        return first;
    }

    private readonly record struct Passed(Layer<TContext> Layer, Tensor Input, Tensor? Output, bool NeedsGradient, ProductTape? Tape);
}
