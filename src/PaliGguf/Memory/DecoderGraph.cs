using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Memory;

/// <summary>
/// The decoder's graph as the library builds it (src/models/gemma.cpp and gemma2.cpp of llama.cpp v0.5.0), as far as memory is concerned. Sizes are in bytes, of 32-bit
/// floats where nothing else is said.
/// </summary>
internal sealed class DecoderGraph
{
    private readonly GraphAllocation _graph;
    private readonly TextModelLayout _shape;
    private readonly DecoderBatch _batch;
    private readonly int _positions;
    private readonly Cache[] _caches;

    private DecoderGraph(TextModelLayout shape, DecoderBatch batch, int alignment)
    {
        _graph = new GraphAllocation(alignment);
        (_shape, _batch) = (shape, batch);
        int tokens = _graph.Input(4L * batch.Rows);
        // Either tokens or embeddings are decoded, and the graph has room for both.
        _graph.Input(Wide(batch.Rows));
        _positions = _graph.Input(4L * batch.Rows);
        // Gemma 2 has two caches, of the layers with and without a window.
        _caches = IsGemma2 ? [new(this), new(this)] : [new(this)];
        int outputs = _graph.Input(4L * batch.Outputs);
        int x = _graph.InPlace(_graph.Result(Wide(batch.Rows), tokens));
        for (int layer = 0; layer < shape.LayerCount; layer++) x = Layer(x, layer, layer == shape.LayerCount - 1 ? outputs : null);
        int logits = _graph.Result(4L * shape.VocabularySize * batch.Outputs, _graph.InPlace(_graph.InPlace(x)));
        if (IsGemma2) _graph.InPlace(_graph.InPlace(_graph.InPlace(logits)));
    }

    /// <summary>The size of the compute buffer that the library reserves for a batch.</summary>
    public static long Bytes(TextModelLayout shape, DecoderBatch batch, int alignment = GraphAllocation.CpuAlignment) =>
        new DecoderGraph(shape, batch, alignment)._graph.Bytes();

    /// <summary>The inputs alone.</summary>
    public static long InputBytes(TextModelLayout shape, DecoderBatch batch) => new DecoderGraph(shape, batch, GraphAllocation.CpuAlignment)._graph.InputBytes;

    /// <summary>The side of the matrix that the library rotates the queries, keys and values of a quantized cache with.</summary>
    public static int RotationLength(int headLength)
    {
        int length = 64;
        while (headLength % (2 * length) == 0) length *= 2;
        return length;
    }

    private bool IsGemma2 => _shape.Architecture == "gemma2";

    private long Wide(int rows) => 4L * _shape.EmbeddingLength * rows;

    private int Layer(int x, int layer, int? outputs)
    {
        Cache cache = _caches[layer % _caches.Length];
        long queries = 4L * _shape.HeadCount * _shape.HeadLength * _batch.Rows;
        int normed = Norm(x);
        int q = _graph.InPlace(_graph.Result(queries, _graph.Result(queries, normed), _positions));
        if (cache.Rotation is { } before) q = _graph.Result(queries, before, q);
        int k, v;
        if (IsGemma2)
        {
            k = Keys(normed, cache);
            v = Values(normed, cache);
        }
        else
        {
            v = Values(normed, cache, rotated: false);
            k = Keys(normed, cache);
            v = Rotated(v, cache.ValueRotation);
        }

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

    private int Keys(int normed, Cache cache)
    {
        int k = _graph.Result(KeyBytes, _graph.Result(KeyBytes, normed), _positions);
        return Rotated(k, cache.Rotation, KeyBytes);
    }

    private int Values(int normed, Cache cache, bool rotated = true)
    {
        int v = _graph.Result(KeyBytes, normed);
        return rotated ? Rotated(v, cache.ValueRotation, KeyBytes) : v;
    }

    private int Rotated(int x, int? rotation, long? bytes = null) => rotation is { } matrix ? _graph.Result(bytes ?? KeyBytes, matrix, x) : x;

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

        public int? Rotation { get; }

        public int? ValueRotation { get; }

        public int KeyRows { get; }

        public int ValueRows { get; }

        public int Mask { get; }
    }
}

/// <summary>What is decoded at once.</summary>
/// <param name="Rows">The batch's rows.</param>
/// <param name="Cells">The KV cache's cells.</param>
/// <param name="Outputs">How many rows have logits.</param>
/// <param name="CacheType">The KV cache's element type.</param>
/// <param name="FlashAttention">Whether attention is computed without holding its scores.</param>
internal readonly record struct DecoderBatch(int Rows, int Cells, int Outputs, GgmlType CacheType, bool FlashAttention);
