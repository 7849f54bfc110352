using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>The SigLIP tower and the linear projector as one ggml graph, for one picture or several at once.</summary>
internal sealed unsafe class VisionGraph : IDisposable
{
    private readonly GgmlContextHandle _context;
    private readonly VisionLayout _layout;
    private readonly TowerForm _form;
    private readonly WeightStore _weights;
    private readonly ProductWork _work;

    /// <summary>Builds the graph.</summary>
    /// <param name="layout">The tower's sizes.</param>
    /// <param name="form">How it computes.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="work">What the threads share in its products; must outlive the graph.</param>
    public VisionGraph(VisionLayout layout, TowerForm form, WeightStore weights, ProductWork work)
    {
        _layout = layout;
        _form = form;
        _weights = weights;
        _work = work;
        int groups = (layout.HeadCount + form.HeadsAtOnce(layout) - 1) / form.HeadsAtOnce(layout);
        NodeCount = 64 + (layout.LayerCount * (64 + (12 * groups)));
        nuint size = (Ggml.ggml_tensor_overhead() * (nuint)NodeCount) + Ggml.ggml_graph_overhead_custom((nuint)NodeCount, gradients: false);
        _context = Ggml.ggml_init(new ggml_init_params { mem_size = size, no_alloc = 1 });

        Patches = Ggml.ggml_new_tensor_2d(_context, GgmlType.F32, layout.PatchLength, (long)layout.Patches * form.Pictures);
        Ggml.ggml_set_input(Patches);
        ggml_tensor* x = Linear(Patches, "v.patch_embd");
        x = Ggml.ggml_add(_context, x, _weights["v.position_embd.weight"]);
        for (int layer = 0; layer < layout.LayerCount; layer++) x = Block(x, $"v.blk.{layer}.");

        TowerOutput = Norm(x, "v.post_ln");
        Ggml.ggml_set_output(TowerOutput);
        SoftTokens = Ggml.ggml_scale(_context, Linear(TowerOutput, layout.Projector), 1 / MathF.Sqrt(layout.ProjectionLength));
        Ggml.ggml_set_output(SoftTokens);
        Graph = Ggml.ggml_new_graph_custom(_context, (nuint)NodeCount, gradients: false);
        Ggml.ggml_build_forward_expand(Graph, SoftTokens);
    }

    public ggml_cgraph* Graph { get; }

    public int NodeCount { get; }

    /// <summary>Input: [patch length, rows], a row for each patch of each picture.</summary>
    public ggml_tensor* Patches { get; }

    /// <summary>Output of the last norm: [hidden length, rows].</summary>
    public ggml_tensor* TowerOutput { get; }

    /// <summary>Output: [n_embd, rows], the projector's result divided by sqrt(n_embd).</summary>
    public ggml_tensor* SoftTokens { get; }

    public void Dispose() => _context.Dispose();

    private ggml_tensor* Block(ggml_tensor* x, string block)
    {
        x = Linear(Attention(x, block), block + "attn_out", residual: x);
        (string up, string down) = _layout.SwappedFeedForward ? ("ffn_down", "ffn_up") : ("ffn_up", "ffn_down");
        return Linear(Linear(x, block + up, block + "ln2", activated: true), block + down, residual: x);
    }

    private ggml_tensor* Attention(ggml_tensor* x, string block)
    {
        AttentionGraph attention = new(_context, _layout, _form, _work);
        if (_form.Joined) return attention.Of(Linear(x, block + StoredWeight.JoinedProducts, block + "ln1"));
        ggml_tensor* normed = Norm(x, block + "ln1");
        return attention.Of(Linear(normed, block + "attn_q"), Linear(normed, block + "attn_k"), Linear(normed, block + "attn_v"));
    }

    /// <summary>A product with what surrounds it: in one operation where it is our own.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="name">The name of weight and bias.</param>
    /// <param name="norm">The name of the norm before; null for none.</param>
    /// <param name="activated">Whether the activation follows.</param>
    /// <param name="residual">What is added to the result; null for nothing.</param>
    private ggml_tensor* Linear(ggml_tensor* x, string name, string? norm = null, bool activated = false, ggml_tensor* residual = null)
    {
        ggml_tensor* weight = _weights[name + ".weight"];
        ggml_tensor* bias = _weights[name + ".bias"];
        if (_form.Owns(name))
        {
            ProductSurroundings around = new()
            {
                NormWeight = norm is null ? null : _weights[norm + ".weight"],
                NormBias = norm is null ? null : _weights[norm + ".bias"],
                NormEpsilon = _layout.NormEpsilon,
                Bias = bias,
                Activated = activated,
                Residual = residual,
            };
            return MatrixProduct.Of(_context, weight, x, around, _work);
        }

        ggml_tensor* product = Ggml.ggml_mul_mat(_context, weight, norm is null ? x : Norm(x, norm));
        if (activated && _form.OwnGelu) return BiasedGelu.Of(_context, product, bias);
        product = Ggml.ggml_add(_context, product, bias);
        // A GPU computes it in 32-bit floats itself.
        if (activated) return Ggml.ggml_gelu(_context, product);
        return residual is null ? product : Ggml.ggml_add(_context, residual, product);
    }

    private ggml_tensor* Norm(ggml_tensor* x, string name)
    {
        ggml_tensor* normed = Ggml.ggml_norm(_context, x, _layout.NormEpsilon);
        return Ggml.ggml_add(_context, Ggml.ggml_mul(_context, normed, _weights[name + ".weight"]), _weights[name + ".bias"]);
    }
}
