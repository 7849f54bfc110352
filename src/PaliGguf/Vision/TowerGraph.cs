using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>The graph of <see cref="VisionGraph"/>, as far as memory is concerned, in the order in which ggml sorts its nodes: operands first, left before right.</summary>
internal sealed class TowerGraph
{
    private readonly GraphAllocation _graph;
    private readonly VisionLayout _layout;
    private readonly TowerForm _form;

    private TowerGraph(VisionLayout layout, TowerForm form)
    {
        _graph = new GraphAllocation();
        _layout = layout;
        _form = form;
        int x = Linear("v.patch_embd", layout.HiddenLength, _graph.Input(RowBytes(layout.PatchLength)));
        x = _graph.InPlace(x);
        for (int layer = 0; layer < layout.LayerCount; layer++) x = Block(x, $"v.blk.{layer}.");
        int output = Norm(x);
        int softTokens = _graph.InPlace(Linear(layout.Projector, layout.ProjectionLength, output));
        // Both are results of the graph, and so never overwritten.
        _graph.Keep(output);
        _graph.Keep(softTokens);
    }

    /// <summary>The size of the compute buffer that the scheduler allocates.</summary>
    public static long Bytes(VisionLayout layout, TowerForm form) => new TowerGraph(layout, form)._graph.Bytes();

    private int Block(int x, string block)
    {
        x = Linear(block + "attn_out", _layout.HiddenLength, Attention(x, block), residual: x);
        (string up, string down) = _layout.SwappedFeedForward ? ("ffn_down", "ffn_up") : ("ffn_up", "ffn_down");
        // With or without the bias in it, the activation works in place.
        int wide = Linear(block + up, _layout.FeedForwardLength, x, normed: true);
        if (!_form.Owns(block + up)) wide = _graph.InPlace(wide);
        return Linear(block + down, _layout.HiddenLength, wide, residual: x);
    }

    private int Attention(int x, string block)
    {
        if (_form.Joined)
        {
            int joined = Linear(block + StoredWeight.JoinedProducts, 3 * _layout.HiddenLength, x, normed: true);
            return _form.Attention switch
            {
                VisionAttention.Flash => Flash(joined, joined, joined),
                VisionAttention.Tiled => Tiled(joined, joined, joined),
                _ => Plain(joined, joined, Columns(joined)),
            };
        }

        int normed = Norm(x);
        int Part(string name) => Linear(block + name, _layout.HiddenLength, normed);
        // Flash attention has the queries as its first operand; the plain form begins with the values, whose product with the scores is the last.
        if (_form.Attention == VisionAttention.Plain)
        {
            int columns = Columns(Part("attn_v"));
            int keys = Part("attn_k");
            return Plain(Part("attn_q"), keys, columns);
        }

        int q = Part("attn_q");
        int k = Part("attn_k");
        if (_form.Attention == VisionAttention.Tiled) return Tiled(q, k, Part("attn_v"));
        int halves = Half(k);
        return Result(_layout.HiddenLength, q, halves, Half(Part("attn_v")));
    }

    private int Flash(int q, int k, int v)
    {
        int halves = Half(k);
        return Result(_layout.HiddenLength, q, halves, Half(v));
    }

    private int Tiled(int q, int k, int v)
    {
        if (_form.OwnAttention) return Result(_layout.HiddenLength, q, k, v);
        int wide = TowerForm.WideHeadLength(_layout);
        bool padded = wide > _layout.HeadLength;
        if (padded && !_form.ReadsOn(_layout)) v = Result(wide * _layout.HeadCount, v);
        int attended = Result(wide * _layout.HeadCount, q, k, v);
        return padded ? Result(_layout.HiddenLength, attended) : attended;
    }

    private int Plain(int q, int k, int v)
    {
        int joined = -1;
        int done = 0;
        for (int first = 0; first < _layout.HeadCount; first += _form.HeadsAtOnce(_layout))
        {
            int heads = Math.Min(_form.HeadsAtOnce(_layout), _layout.HeadCount - first);
            int scores = _graph.InPlace(Result(_layout.Patches * heads, k, q));
            int part = Result(_layout.HeadLength * heads, v, scores);
            done += heads;
            joined = joined < 0 ? part : Result(_layout.HeadLength * done, joined, part);
        }

        return Result(_layout.HiddenLength, joined);
    }

    private int Columns(int values) => Result(_layout.HiddenLength, values);

    private int Half(int x) => _graph.Result(RowBytes(_layout.HiddenLength) / 2, x);

    /// <summary>A product with its bias, the norm before it and the rows that are added to it: one operation if it is our own.</summary>
    private int Linear(string name, int width, int x, bool normed = false, int? residual = null)
    {
        if (_form.Owns(name)) return residual is { } rows ? Result(width, x, rows) : Result(width, x);
        int product = _graph.InPlace(Result(width, normed ? Norm(x) : x));
        return residual is { } added ? _graph.InPlace(added, product) : product;
    }

    private int Norm(int x) => _graph.InPlace(_graph.InPlace(Result(_layout.HiddenLength, x)));

    /// <summary>An operation that makes a row of so many floats for each patch.</summary>
    private int Result(int width, params ReadOnlySpan<int> operands) => _graph.Result(RowBytes(width), operands);

    private long RowBytes(int width) => 4L * width * _layout.Patches * _form.Pictures;
}
