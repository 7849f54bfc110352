using PaliGguf.Vision;

namespace PaliGguf.Memory;

/// <summary>The graph of <see cref="VisionGraph"/>, as far as memory is concerned, in the order in which ggml sorts its nodes: operands first, left before right.</summary>
internal sealed class TowerGraph
{
    private readonly GraphAllocation _graph;
    private readonly VisionLayout _layout;
    private readonly bool _exactGelu;
    private readonly bool _flash;
    private readonly int _headsAtOnce;

    private TowerGraph(VisionLayout layout, bool exactGelu, bool flash, long largestScores)
    {
        _graph = new GraphAllocation();
        _layout = layout;
        _exactGelu = exactGelu;
        _flash = flash;
        _headsAtOnce = VisionGraph.HeadsAtOnce(layout, largestScores);
        int x = Linear(layout.HiddenLength, _graph.Input(4L * layout.PatchLength * layout.Patches));
        x = _graph.InPlace(x);
        for (int layer = 0; layer < layout.LayerCount; layer++) x = Block(x);
        int output = Norm(x);
        int softTokens = _graph.InPlace(Linear(layout.ProjectionLength, output));
        // Both are results of the graph, and so never overwritten.
        _graph.Keep(output);
        _graph.Keep(softTokens);
    }

    /// <summary>The size of the compute buffer that the scheduler allocates.</summary>
    public static long Bytes(VisionLayout layout, bool exactGelu, bool flash = false, long largestScores = VisionGraph.LargestScores) =>
        new TowerGraph(layout, exactGelu, flash, largestScores)._graph.Bytes();

    private int Block(int x)
    {
        int attended = _flash ? FlashAttention(Norm(x)) : Attention(Norm(x));
        x = _graph.InPlace(x, Linear(_layout.HiddenLength, attended));
        int wide = Gelu(Linear(_layout.FeedForwardLength, Norm(x)));
        return _graph.InPlace(x, Linear(_layout.HiddenLength, wide));
    }

    private int Attention(int normed)
    {
        long all = 4L * _layout.HiddenLength * _layout.Patches;
        int v = _graph.Result(all, Linear(_layout.HiddenLength, normed));
        int k = Linear(_layout.HiddenLength, normed);
        int q = Linear(_layout.HiddenLength, normed);
        int joined = -1;
        long done = 0;
        for (int first = 0; first < _layout.HeadCount; first += _headsAtOnce)
        {
            int heads = Math.Min(_headsAtOnce, _layout.HeadCount - first);
            int scores = _graph.InPlace(_graph.Result(4L * _layout.Patches * _layout.Patches * heads, k, q));
            long bytes = 4L * _layout.HeadLength * heads * _layout.Patches;
            int part = _graph.Result(bytes, v, scores);
            done += bytes;
            joined = joined < 0 ? part : _graph.Result(done, joined, part);
        }

        return _graph.Result(all, joined);
    }

    private int FlashAttention(int normed)
    {
        long all = 4L * _layout.HiddenLength * _layout.Patches;
        int q = Linear(_layout.HiddenLength, normed);
        int k = _graph.Result(all / 2, Linear(_layout.HiddenLength, normed));
        int v = _graph.Result(all / 2, Linear(_layout.HiddenLength, normed));
        return _graph.Result(all, q, k, v);
    }

    private int Linear(int width, int x) => _graph.InPlace(_graph.Result(4L * width * _layout.Patches, x));

    private int Norm(int x) => _graph.InPlace(_graph.InPlace(_graph.Result(4L * _layout.HiddenLength * _layout.Patches, x)));

    private int Gelu(int x)
    {
        if (!_exactGelu) return _graph.InPlace(x);
        int square = _graph.InPlace(_graph.Result(4L * _layout.FeedForwardLength * _layout.Patches, x));
        return _graph.InPlace(x, _graph.InPlace(_graph.InPlace(_graph.InPlace(x, square))));
    }
}
