using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed unsafe class DecoderAttentionTests
{
    [AttentionTheory]
    [InlineData(16, 1, 1, 1, 1, 0)]
    [InlineData(32, 2, 1, 5, 33, 50)]
    [InlineData(64, 6, 2, 2, 100, 0)]
    [InlineData(256, 8, 4, 8, 290, 50)]
    [InlineData(256, 8, 1, 1, 64, 5)]
    public void Each_row_is_the_weighted_mean_of_the_values_that_it_sees(int length, int heads, int keyHeads, int rows, int cells, int cap)
    {
        Case inputs = new(length, heads, keyHeads, rows, cells, cap);
        double[] expected = inputs.Expected();

        float[] actual = inputs.Compute(threads: 1, ours: true);

        for (int index = 0; index < expected.Length; index++) Assert.Equal(expected[index], actual[index], 1e-5);
        Assert.Equal(actual, inputs.Compute(threads: 3, ours: true));
    }

    [AttentionTheory]
    [InlineData(128)]
    public void It_is_what_the_library_computes_in_16_bits(int length)
    {
        Case inputs = new(length, 4, 2, 3, 200, 50);

        float[] actual = inputs.Compute(threads: 1, ours: true);

        foreach ((float ours, float library) in actual.Zip(inputs.Compute(threads: 1, ours: false))) Assert.Equal(library, ours, 2e-3f);
    }

    [AttentionTheory]
    [InlineData(16, 1, 1, 64, 64, 0, 64)]
    [InlineData(64, 6, 2, 70, 100, 0, 70)]
    [InlineData(256, 8, 4, 100, 290, 50, 80)]
    [InlineData(256, 8, 1, 133, 200, 5, 16)]
    [InlineData(48, 3, 1, 65, 130, 0, 1)]
    public void Rows_of_a_prefix_see_the_same_cells_and_those_behind_it_others(
        int length, int heads, int keyHeads, int rows, int cells, int cap, int prefix)
    {
        Case inputs = new(length, heads, keyHeads, rows, cells, cap, prefix);
        double[] expected = inputs.Expected();

        float[] actual = inputs.Compute(threads: 1, ours: true);

        for (int index = 0; index < expected.Length; index++) Assert.Equal(expected[index], actual[index], 1e-5);
        Assert.Equal(actual, inputs.Compute(threads: 3, ours: true));
    }

    [AttentionTheory]
    [InlineData(100, 64)]
    [InlineData(200, 90)]
    public void A_prefix_comes_to_the_same_bits_whatever_rows_are_behind_it(int rows, int prefix)
    {
        float[] alone = new Case(32, 4, 2, prefix, 150, 50, prefix).Compute(threads: 1, ours: true);

        float[] among = new Case(32, 4, 2, rows, 150, 50, prefix).Compute(threads: 2, ours: true);

        Assert.Equal(alone, among.AsSpan(0, alone.Length));
    }

    [AttentionTheory]
    [InlineData(1)]
    [InlineData(64)]
    public void A_bias_in_the_mask_is_added_to_scores(int prefix)
    {
        Case inputs = new(32, 2, 1, 64, 80, 0, prefix) { Bias = (Half)(-0.5) };

        foreach ((double one, float other) in inputs.Expected().Zip(inputs.Compute(threads: 1, ours: true))) Assert.Equal(one, other, 1e-5);
    }

    /// <summary>
    /// Queries, a cache and a mask that hides two cells of three, and a whole stretch, but never all. The rows of a prefix see what its
    /// first one does.
    /// </summary>
    private sealed class Case
    {
        private readonly int _length, _heads, _keyHeads, _rows, _cells, _cap, _prefix;
        private readonly float[] _queries;
        private readonly Half[] _keys, _values;

        public Case(int length, int heads, int keyHeads, int rows, int cells, int cap, int prefix = 0)
        {
            (_length, _heads, _keyHeads, _rows, _cells, _cap, _prefix) = (length, heads, keyHeads, rows, cells, cap, prefix);
            Random random = new(length + cells);
            _queries = ProductCase.Noise(new Random(length), length * heads * rows, 4);
            _keys = [.. ProductCase.Noise(random, length * keyHeads * cells, 2).Select(value => (Half)value)];
            _values = [.. ProductCase.Noise(random, length * keyHeads * cells, 1).Select(value => (Half)value)];
            // Values and keys too small for a normal 16-bit float, too.
            for (int index = 0; index < _keys.Length; index += 7) (_keys[index], _values[index]) = ((Half)1e-6f, (Half)(-3e-7f));
        }

        /// <summary>What the mask adds to the scores of every fourth cell that is seen.</summary>
        public Half Bias { get; init; }

        private float Scale => 1 / MathF.Sqrt(_length);

        public double[] Expected()
        {
            double[] expected = new double[_queries.Length];
            for (int row = 0; row < _rows; row++)
            {
                for (int head = 0; head < _heads; head++)
                {
                    int at = ((row * _heads) + head) * _length;
                    double total = 0;
                    for (int cell = 0; cell < _cells; cell++)
                    {
                        if (!Sees(row, cell)) continue;
                        int cached = ((cell * _keyHeads) + (head * _keyHeads / _heads)) * _length;
                        double score = 0;
                        for (int index = 0; index < _length; index++) score += _queries[at + index] * (double)_keys[cached + index];
                        score *= Scale;
                        double weight = Math.Exp((_cap > 0 ? _cap * Math.Tanh(score / _cap) : score) + (double)MaskOf(row, cell));
                        total += weight;
                        for (int index = 0; index < _length; index++) expected[at + index] += weight * (double)_values[cached + index];
                    }

                    for (int index = 0; index < _length; index++) expected[at + index] /= total;
                }
            }

            return expected;
        }

        public float[] Compute(int threads, bool ours)
        {
            ComputeDevice cpu = ComputeDevice.Cpu();
            using GgmlBackendHandle backend = cpu.Open();
            cpu.SetThreads(backend, threads);
            nuint elements = (nuint)(_queries.Length + _keys.Length + (_rows * _cells));
            using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = (8 * elements) + (1 << 20) });
            ggml_tensor* queries = Filled<float>(context, GgmlType.F32, _queries, _length * _heads);
            ggml_tensor* keys = Filled<Half>(context, GgmlType.F16, _keys, _length * _keyHeads);
            ggml_tensor* values = Filled<Half>(context, GgmlType.F16, _values, _length * _keyHeads);
            Half[] cells = [.. Enumerable.Range(0, _rows * _cells).Select(index => MaskOf(index / _cells, index % _cells))];
            ggml_tensor* mask = Filled<Half>(context, GgmlType.F16, cells, _cells);
            ggml_tensor* result = Ggml.ggml_flash_attn_ext(context, Heads(context, queries, sizeof(float)), Heads(context, keys, 2), Heads(context, values, 2), mask, Scale, 0, _cap);
            int operation = result->op;
            // On one thread of the library, three of our own.
            using ProductWork work = new(threads: 3) { SharedBy = 3 };
            if (ours) DecoderAttention.TryReplace(result, work);
            if (ours && result->op == operation) throw new InvalidOperationException("It was not taken over.");
            ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, 16, gradients: false);
            Ggml.ggml_build_forward_expand(graph, result);
            Assert.Equal(0, GgmlBackend.ggml_backend_graph_compute(backend, graph));
            return new Span<float>(result->data, _queries.Length).ToArray();
        }

        private bool Sees(int row, int cell) => cell == 0 || ((cell + (row < _prefix ? 0 : row)) % 3 == 0 && cell is < 40 or >= 90);

        private Half MaskOf(int row, int cell) => !Sees(row, cell) ? Half.NegativeInfinity : cell % 4 == 0 ? Bias : Half.Zero;

        private static ggml_tensor* Filled<T>(GgmlContextHandle context, GgmlType type, T[] values, int columns)
        {
            ggml_tensor* tensor = Ggml.ggml_new_tensor_2d(context, type, columns, values.Length / columns);
            values.CopyTo(new Span<T>(tensor->data, values.Length));
            return tensor;
        }

        private ggml_tensor* Heads(GgmlContextHandle context, ggml_tensor* rows, int bytes) =>
            Ggml.ggml_view_4d(context, rows, _length, rows->ne[1], rows->ne[0] / _length, 1, rows->nb[1], (nuint)(_length * bytes), rows->nb[1] * (nuint)rows->ne[1], 0);
    }
}
