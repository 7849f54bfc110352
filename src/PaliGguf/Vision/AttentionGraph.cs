using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>Full attention of each picture's patches among themselves, in each of the ways there are, from the rows of the three products or of the joined one.</summary>
/// <param name="context">Where the graph is built.</param>
/// <param name="layout">The tower's sizes.</param>
/// <param name="form">How it computes.</param>
/// <param name="work">What the threads share in operations of our own; null where there are none.</param>
internal readonly unsafe struct AttentionGraph(GgmlContextHandle context, VisionLayout layout, TowerForm form, ProductWork? work)
{
    private readonly GgmlContextHandle _context = context;

    private float Scale => 1 / MathF.Sqrt(layout.HeadLength);

    /// <summary>From rows of queries, values and keys one after the other: [3 * hidden length, rows].</summary>
    public ggml_tensor* Of(ggml_tensor* joined) => Of(Heads(joined, 0), Heads(joined, 2), Heads(joined, 1), !form.OwnAttention && form.ReadsOn(layout) ? Heads(joined, 1, TowerForm.WideHeadLength(layout)) : null);

    /// <summary>From rows of each: [hidden length, rows]. The result is of this shape too.</summary>
    public ggml_tensor* Of(ggml_tensor* queries, ggml_tensor* keys, ggml_tensor* values) => Of(Heads(queries, 0), Heads(keys, 0), Heads(values, 0), null);

    private ggml_tensor* Of(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* wide) => form.Attention switch
    {
        VisionAttention.Flash => Rows(Flash(q, Ggml.ggml_cast(_context, k, GgmlType.F16), Ggml.ggml_cast(_context, v, GgmlType.F16))),
        VisionAttention.Tiled when form.OwnAttention => HeadAttention.Of(_context, q, k, v, Scale, work!),
        VisionAttention.Tiled => Rows(Flash(q, k, wide is null ? Widened(v) : wide)),
        _ => Rows(Ggml.ggml_permute(_context, Plain(q, k, v), 0, 2, 1, 3)),
    };

    /// <summary>Scores, softmax and weighted sum: [head length, patches, heads, pictures].</summary>
    private ggml_tensor* Plain(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v)
    {
        ggml_tensor* columns = Ggml.ggml_cont(_context, Ggml.ggml_permute(_context, v, 1, 0, 2, 3));
        ggml_tensor* all = null;
        int headsAtOnce = form.HeadsAtOnce(layout);
        for (int first = 0; first < layout.HeadCount; first += headsAtOnce)
        {
            int heads = Math.Min(headsAtOnce, layout.HeadCount - first);
            ggml_tensor* scores = Ggml.ggml_mul_mat(_context, Some(k, first, heads), Some(q, first, heads));
            scores = Ggml.ggml_soft_max_ext(_context, scores, null, Scale, 0);
            ggml_tensor* part = Ggml.ggml_mul_mat(_context, Some(columns, first, heads), scores);
            all = all is null ? part : Ggml.ggml_concat(_context, all, part, 2);
        }

        return all;
    }

    /// <summary>
    /// One operation: [values' head length, heads, patches, pictures]. On 16-bit keys and values it is what llama.cpp's own vision library computes (tools/mtmd/clip.cpp,
    /// build_attn).
    /// </summary>
    private ggml_tensor* Flash(ggml_tensor* q, ggml_tensor* k, ggml_tensor* v)
    {
        ggml_tensor* attended = Ggml.ggml_flash_attn_ext(_context, q, k, v, null, Scale, 0, 0);
        Ggml.ggml_flash_attn_ext_set_prec(attended, Ggml.PrecisionF32);
        return attended;
    }

    private ggml_tensor* Widened(ggml_tensor* v)
    {
        int missing = TowerForm.WideHeadLength(layout) - layout.HeadLength;
        return missing == 0 ? v : Ggml.ggml_pad(_context, v, missing, 0, 0, 0);
    }

    /// <summary>The heads' results, [head length or more, heads, patches, pictures], as rows.</summary>
    private ggml_tensor* Rows(ggml_tensor* x)
    {
        if (x->ne[0] > layout.HeadLength)
        {
            x = Ggml.ggml_view_4d(_context, x, layout.HeadLength, x->ne[1], x->ne[2], x->ne[3], x->nb[1], x->nb[2], x->nb[3], 0);
        }

        bool dense = x->nb[1] == (nuint)layout.HeadLength * sizeof(float) && x->nb[2] == (nuint)layout.HiddenLength * sizeof(float);
        return Ggml.ggml_reshape_2d(_context, dense ? x : Ggml.ggml_cont(_context, x), layout.HiddenLength, (long)layout.Patches * form.Pictures);
    }

    /// <summary>One of the parts that rows consist of, as [length, patches, heads, pictures].</summary>
    private ggml_tensor* Heads(ggml_tensor* rows, int part, int? length = null) => Ggml.ggml_view_4d(
        _context, rows, length ?? layout.HeadLength, layout.Patches, layout.HeadCount, form.Pictures, rows->nb[1], (nuint)layout.HeadLength * sizeof(float),
        (nuint)layout.Patches * rows->nb[1], (nuint)part * (nuint)layout.HiddenLength * sizeof(float));

    private ggml_tensor* Some(ggml_tensor* x, int first, int heads) => heads == layout.HeadCount
        ? x
        : Ggml.ggml_view_4d(_context, x, x->ne[0], x->ne[1], heads, x->ne[3], x->nb[1], x->nb[2], x->nb[3], (nuint)first * x->nb[2]);
}
