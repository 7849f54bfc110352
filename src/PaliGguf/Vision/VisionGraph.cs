using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>The SigLIP tower and the linear projector as one ggml graph, for one picture.</summary>
internal sealed unsafe class VisionGraph : IDisposable
{
    /// <summary>By default, the attention scores of so many bytes are held at once; more heads than fit are computed in turn.</summary>
    public const long LargestScores = 256L << 20;

    private readonly GgmlContextHandle _context;
    private readonly VisionLayout _layout;
    private readonly WeightStore _weights;
    private readonly bool _exactGelu;
    private readonly bool _flash;

    /// <summary>Builds the graph.</summary>
    /// <param name="layout">The tower's sizes.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="exactGelu">
    /// Computes the activation in 32-bit floats; otherwise from the library's table of 16-bit ones, which is faster and no less exact than
    /// weights of 16 or fewer bits are.
    /// </param>
    /// <param name="flash">Whether attention is one operation that never holds all scores.</param>
    /// <param name="largestScores">The bytes of attention scores that may be held at once; at least one head's are.</param>
    public VisionGraph(VisionLayout layout, WeightStore weights, bool exactGelu, bool flash = false, long largestScores = LargestScores)
    {
        _layout = layout;
        _weights = weights;
        _exactGelu = exactGelu;
        _flash = flash;
        int headsAtOnce = HeadsAtOnce(layout, largestScores);
        int groups = (layout.HeadCount + headsAtOnce - 1) / headsAtOnce;
        NodeCount = 64 + (layout.LayerCount * (64 + (12 * groups)));
        nuint size = (Ggml.ggml_tensor_overhead() * (nuint)NodeCount) + Ggml.ggml_graph_overhead_custom((nuint)NodeCount, gradients: false);
        _context = Ggml.ggml_init(new ggml_init_params { mem_size = size, no_alloc = 1 });

        Patches = Ggml.ggml_new_tensor_2d(_context, GgmlType.F32, layout.PatchLength, layout.Patches);
        Ggml.ggml_set_input(Patches);
        ggml_tensor* x = Linear(Patches, "v.patch_embd");
        x = Ggml.ggml_add(_context, x, _weights["v.position_embd.weight"]);
        for (int layer = 0; layer < layout.LayerCount; layer++) x = Block(x, $"v.blk.{layer}.", headsAtOnce);

        TowerOutput = Norm(x, "v.post_ln");
        Ggml.ggml_set_output(TowerOutput);
        SoftTokens = Ggml.ggml_scale(_context, Linear(TowerOutput, layout.Projector), 1 / MathF.Sqrt(layout.ProjectionLength));
        Ggml.ggml_set_output(SoftTokens);
        Graph = Ggml.ggml_new_graph_custom(_context, (nuint)NodeCount, gradients: false);
        Ggml.ggml_build_forward_expand(Graph, SoftTokens);
    }

    public ggml_cgraph* Graph { get; }

    public int NodeCount { get; }

    /// <summary>Input: [patch length, patches].</summary>
    public ggml_tensor* Patches { get; }

    /// <summary>Output of the last norm: [hidden length, patches].</summary>
    public ggml_tensor* TowerOutput { get; }

    /// <summary>Output: [n_embd, patches], the projector's result divided by sqrt(n_embd).</summary>
    public ggml_tensor* SoftTokens { get; }

    /// <summary>How many heads' attention scores fit into so many bytes; at least one head's are computed at once.</summary>
    public static int HeadsAtOnce(VisionLayout layout, long largestScores) =>
        (int)Math.Clamp(largestScores / (4L * layout.Patches * layout.Patches), 1, layout.HeadCount);

    public void Dispose() => _context.Dispose();

    private ggml_tensor* Block(ggml_tensor* x, string block, int headsAtOnce)
    {
        ggml_tensor* normed = Norm(x, block + "ln1");
        ggml_tensor* q = Heads(normed, block + "attn_q");
        ggml_tensor* k = Heads(normed, block + "attn_k");
        ggml_tensor* v = Heads(normed, block + "attn_v");
        ggml_tensor* attended = _flash ? FlashAttention(q, k, v) : Attention(q, k, v, headsAtOnce);
        x = Ggml.ggml_add(_context, x, Linear(attended, block + "attn_out"));

        (string up, string down) = _layout.SwappedFeedForward ? ("ffn_down", "ffn_up") : ("ffn_up", "ffn_down");
        ggml_tensor* wide = Gelu(Linear(Norm(x, block + "ln2"), block + up));
        return Ggml.ggml_add(_context, x, Linear(wide, block + down));
    }

    /// <summary>Full attention; queries, keys and values as [head length, heads, patches], the result as [hidden length, patches].</summary>
    private ggml_tensor* Attention(ggml_tensor* queries, ggml_tensor* keys, ggml_tensor* values, int headsAtOnce)
    {
        ggml_tensor* q = Ggml.ggml_permute(_context, queries, 0, 2, 1, 3);
        ggml_tensor* k = Ggml.ggml_permute(_context, keys, 0, 2, 1, 3);
        ggml_tensor* v = Ggml.ggml_cont(_context, Ggml.ggml_permute(_context, values, 1, 2, 0, 3));
        ggml_tensor* all = null;
        for (int first = 0; first < _layout.HeadCount; first += headsAtOnce)
        {
            int heads = Math.Min(headsAtOnce, _layout.HeadCount - first);
            ggml_tensor* scores = Ggml.ggml_mul_mat(_context, SomeHeads(k, first, heads), SomeHeads(q, first, heads));
            scores = Ggml.ggml_soft_max_ext(_context, scores, null, 1 / MathF.Sqrt(_layout.HeadLength), 0);
            ggml_tensor* part = Ggml.ggml_mul_mat(_context, SomeHeads(v, first, heads), scores);
            all = all is null ? part : Ggml.ggml_concat(_context, all, part, 2);
        }

        ggml_tensor* byPatch = Ggml.ggml_cont(_context, Ggml.ggml_permute(_context, all, 0, 2, 1, 3));
        return Ggml.ggml_reshape_2d(_context, byPatch, _layout.HiddenLength, _layout.Patches);
    }

    /// <summary>As <see cref="Attention"/>, on keys and values of 16-bit floats: what llama.cpp's own vision library computes (tools/mtmd/clip.cpp, build_attn).</summary>
    private ggml_tensor* FlashAttention(ggml_tensor* queries, ggml_tensor* keys, ggml_tensor* values)
    {
        ggml_tensor* q = Ggml.ggml_permute(_context, queries, 0, 2, 1, 3);
        ggml_tensor* k = Ggml.ggml_cast(_context, Ggml.ggml_permute(_context, keys, 0, 2, 1, 3), GgmlType.F16);
        ggml_tensor* v = Ggml.ggml_cast(_context, Ggml.ggml_permute(_context, values, 0, 2, 1, 3), GgmlType.F16);
        ggml_tensor* attended = Ggml.ggml_flash_attn_ext(_context, q, k, v, null, 1 / MathF.Sqrt(_layout.HeadLength), 0, 0);
        Ggml.ggml_flash_attn_ext_set_prec(attended, Ggml.PrecisionF32);
        return Ggml.ggml_reshape_2d(_context, attended, _layout.HiddenLength, _layout.Patches);
    }

    private ggml_tensor* SomeHeads(ggml_tensor* x, int first, int heads) => heads == _layout.HeadCount
        ? x
        : Ggml.ggml_view_3d(_context, x, x->ne[0], x->ne[1], heads, x->nb[1], x->nb[2], (nuint)first * x->nb[2]);

    private ggml_tensor* Heads(ggml_tensor* x, string name) =>
        Ggml.ggml_reshape_3d(_context, Linear(x, name), _layout.HeadLength, _layout.HeadCount, _layout.Patches);

    private ggml_tensor* Linear(ggml_tensor* x, string name) =>
        Ggml.ggml_add(_context, Ggml.ggml_mul_mat(_context, _weights[name + ".weight"], x), _weights[name + ".bias"]);

    private ggml_tensor* Norm(ggml_tensor* x, string name)
    {
        ggml_tensor* normed = Ggml.ggml_norm(_context, x, _layout.NormEpsilon);
        return Ggml.ggml_add(_context, Ggml.ggml_mul(_context, normed, _weights[name + ".weight"]), _weights[name + ".bias"]);
    }

    /// <summary>x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))): Hendrycks and Gimpel, arXiv 1606.08415.</summary>
    private ggml_tensor* Gelu(ggml_tensor* x)
    {
        if (!_exactGelu) return Ggml.ggml_gelu(_context, x);
        float root = MathF.Sqrt(2 / MathF.PI);
        ggml_tensor* inner = Ggml.ggml_mul(_context, x, Ggml.ggml_scale_bias(_context, Ggml.ggml_sqr(_context, x), 0.044715f * root, root));
        return Ggml.ggml_mul(_context, x, Ggml.ggml_scale_bias(_context, Ggml.ggml_tanh(_context, inner), 0.5f, 0.5f));
    }
}
