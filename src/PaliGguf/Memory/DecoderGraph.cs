using PaliGguf.Interop;
using PaliGguf.Language;

namespace PaliGguf.Memory;

/// <summary>
/// The decoder's graph as the library builds it (src/models/gemma.cpp and gemma2.cpp of llama.cpp v0.5.0), as far as memory is concerned. Sizes are in bytes, of 32-bit
/// floats where nothing else is said.
/// </summary>
internal sealed class DecoderGraph
{
    // Holes come again in the same places after a few layers. An even number, so that the first and the last layer keep their kinds.
    private const int LayersThatDiffer = 8;

    private readonly GraphAllocation _graph = new();
    private readonly TextModelLayout _shape;
    private readonly DecoderBatch _batch;
    private readonly int _positions;
    private readonly Cache[] _caches;

    private DecoderGraph(TextModelLayout shape, DecoderBatch batch)
    {
        (_shape, _batch) = (shape, batch);
        int tokens = _graph.Input(4L * batch.Rows);
        // Either tokens or embeddings are decoded, and the graph has room for both.
        _graph.Input(Wide(batch.Rows));
        _positions = _graph.Input(4L * batch.Rows);
        // Gemma 2 has two caches, of the layers with and without a window.
        _caches = IsGemma2 ? [new(this), new(this)] : [new(this)];
        int outputs = _graph.Input(4L * batch.Outputs);
        int x = _graph.InPlace(_graph.Result(Wide(batch.Rows), tokens));
        int layers = shape.LayerCount <= LayersThatDiffer ? shape.LayerCount : LayersThatDiffer + (shape.LayerCount % 2);
        for (int layer = 0; layer < layers; layer++) x = Layer(x, layer, layer == layers - 1 ? outputs : null);
        int logits = _graph.Result(4L * shape.VocabularySize * batch.Outputs, _graph.InPlace(_graph.InPlace(x)));
        if (IsGemma2) _graph.InPlace(_graph.InPlace(_graph.InPlace(logits)));
    }

    /// <summary>The size of the compute buffer that the library reserves for a batch.</summary>
    public static long Bytes(TextModelLayout shape, DecoderBatch batch) => new DecoderGraph(shape, batch)._graph.Bytes();

    /// <summary>The inputs alone.</summary>
    public static long InputBytes(TextModelLayout shape, DecoderBatch batch) => new DecoderGraph(shape, batch)._graph.InputBytes;

    private bool IsGemma2 => _shape.Architecture == "gemma2";

    private long Wide(int rows) => 4L * _shape.EmbeddingLength * rows;

    private int Layer(int x, int layer, int? outputs)
    {
        Cache cache = _caches[layer % _caches.Length];
        long queries = 4L * _shape.HeadCount * _shape.HeadLength * _batch.Rows;
        int normed = Norm(x);
        int q = _graph.InPlace(_graph.Result(queries, _graph.Result(queries, normed), _positions));
        q = Rotated(q, cache.Rotation, queries);
        (int k, int v) = KeysAndValues(normed, cache);
        _graph.Use(k, cache.KeyRows);
        _graph.Use(v, cache.ValueRows);
        int attended = _batch.FlashAttention ? _graph.Result(queries, q, cache.Mask) : PlainAttention(q, cache, queries);
        attended = Rotated(attended, cache.ValueRotation, queries);
        int rows = _batch.Rows;
        int output = _graph.Result(Wide(rows), attended);
        if (outputs is { } wanted)
        {
            rows = _batch.Outputs;
            output = _graph.Result(Wide(rows), output, wanted);
            if (IsGemma2) output = Norm(output);
            x = _graph.Result(Wide(rows), x, wanted);
        }
        else if (IsGemma2)
        {
            output = Norm(output);
        }

        x = _graph.InPlace(output, x);
        int narrow = Norm(x);
        long inner = 4L * _shape.FeedForwardLength * rows;
        int gate = _graph.Result(inner, narrow);
        int up = _graph.Result(inner, narrow);
        int down = _graph.Result(Wide(rows), _graph.Result(inner, gate, up));
        if (IsGemma2) down = Norm(down);
        return _graph.InPlace(down, x);
    }

    private int Norm(int x) => _graph.InPlace(_graph.InPlace(x));

    private (int Keys, int Values) KeysAndValues(int normed, Cache cache)
    {
        if (IsGemma2) return (Keys(normed, cache), Values(normed, cache));
        // The first Gemma computes them the other way round.
        int values = Values(normed, cache);
        return (Keys(normed, cache), values);
    }

    private int Keys(int normed, Cache cache) => Rotated(_graph.Result(KeyBytes, _graph.Result(KeyBytes, normed), _positions), cache.Rotation, KeyBytes);

    private int Values(int normed, Cache cache) => Rotated(_graph.Result(KeyBytes, normed), cache.ValueRotation, KeyBytes);

    private int Rotated(int x, int? rotation, long bytes) => rotation is { } matrix ? _graph.Result(bytes, matrix, x) : x;

    private long KeyBytes => 4L * _shape.KeyValueHeadCount * _shape.HeadLength * _batch.Rows;

    private int PlainAttention(int q, Cache cache, long bytes)
    {
        int scores = _graph.Result(4L * _batch.Cells * _batch.Rows * _shape.HeadCount, q);
        if (IsGemma2) scores = _graph.InPlace(_graph.InPlace(_graph.InPlace(scores)));
        int weights = _graph.InPlace(scores, cache.Mask);
        return _graph.Result(bytes, _graph.Result(bytes, weights));
    }

    /// <summary>The inputs that belong to one of the KV caches.</summary>
    private sealed class Cache
    {
        public Cache(DecoderGraph owner)
        {
            (GraphAllocation graph, TextModelLayout shape, DecoderBatch batch) = (owner._graph, owner._shape, owner._batch);
            if (batch.CacheType.IsQuantized)
            {
                long rotation = RotationLength(shape.HeadLength);
                Rotation = graph.Input(4 * rotation * rotation);
                ValueRotation = graph.Input(4 * rotation * rotation);
            }

            KeyRows = graph.Input(8L * batch.Rows);
            // Without flash attention values are stored column by column, and each element has its own index.
            ValueRows = graph.Input(8L * batch.Rows * (batch.FlashAttention ? 1 : shape.KeyValueHeadCount * shape.HeadLength));
            Mask = graph.Input((batch.FlashAttention ? 2L : 4L) * batch.Cells * batch.Rows);
        }

        /// <summary>What the library multiplies the queries and keys of a quantized cache with, to spread outliers.</summary>
        public int? Rotation { get; }

        public int? ValueRotation { get; }

        public int KeyRows { get; }

        public int ValueRows { get; }

        public int Mask { get; }

        /// <summary>The side of that matrix: the largest power of two from 64 up that divides the head's length.</summary>
        private static int RotationLength(int headLength)
        {
            int length = 64;
            while (headLength % (2 * length) == 0) length *= 2;
            return length;
        }
    }
}

/// <summary>What is decoded at once.</summary>
/// <param name="Rows">The batch's rows.</param>
/// <param name="Cells">The KV cache's cells.</param>
/// <param name="Outputs">How many rows have logits.</param>
/// <param name="CacheType">The KV cache's element type.</param>
/// <param name="FlashAttention">Whether attention is computed without holding its scores.</param>
internal readonly record struct DecoderBatch(int Rows, int Cells, int Outputs, GgmlType CacheType, bool FlashAttention);
