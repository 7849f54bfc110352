using PaliGguf.Interop;
using PaliGguf.Products;
using PaliGguf.Tests.Products;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public sealed unsafe class HeadAttentionTests
{
    [AttentionTheory]
    [InlineData(72, 1, 256, 1)]
    [InlineData(72, 3, 8, 1)]
    [InlineData(72, 2, 72, 2)]
    [InlineData(64, 2, 200, 1)]
    [InlineData(8, 5, 136, 3)]
    [InlineData(256, 1, 64, 1)]
    public void Each_row_is_the_weighted_mean_of_the_values(int length, int heads, int patches, int pictures)
    {
        Random random = new(length);
        float[] rows = ProductCase.Noise(random, 3 * length * heads * patches * pictures, 1);
        double[] expected = Expected(rows, length, heads, patches, pictures);

        float[] actual = Compute(rows, length, heads, patches, pictures, threads: 1);

        for (int index = 0; index < expected.Length; index++) Assert.Equal(expected[index], actual[index], 2e-6);
        Assert.Equal(actual, Compute(rows, length, heads, patches, pictures, threads: 2));
    }

    [AttentionTheory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(199)]
    public void A_key_that_outweighs_all_others_wherever_it_comes_gives_its_value(int key)
    {
        const int Length = 72, Patches = 200;
        float[] rows = ProductCase.Noise(new Random(key), 3 * Length * Patches, 0.1f);
        for (int patch = 0; patch < Patches; patch++)
        {
            // Scores of 2,400 for one key, of less than 20 for the others: the powers of e are out of range.
            rows.AsSpan(3 * Length * patch, Length).Fill(20);
            if (patch == key) rows.AsSpan((3 * Length * patch) + Length, Length).Fill(15);
        }

        float[] actual = Compute(rows, Length, heads: 1, Patches, pictures: 1, threads: 1);

        ReadOnlySpan<float> value = rows.AsSpan((3 * Length * key) + (2 * Length), Length);
        for (int patch = 0; patch < Patches; patch++) Assert.Equal(value, actual.AsSpan(Length * patch, Length));
    }

    [Fact]
    public void It_takes_heads_and_pictures_of_whole_eights()
    {
        VisionLayout layout = VisionLayout.Of(ModelSize.All.First(size => size.Name == "3b-224"));
        Assert.True(HeadAttention.Takes(layout));
        Assert.False(HeadAttention.Takes(layout with { HeadCount = 32 }));
        Assert.False(HeadAttention.Takes(layout with { ImageSize = 15 * layout.PatchSize }));
    }

    /// <summary>From rows of queries, keys and values one after the other.</summary>
    private static float[] Compute(float[] rows, int length, int heads, int patches, int pictures, int threads)
    {
        ComputeDevice cpu = ComputeDevice.Cpu();
        using GgmlBackendHandle backend = cpu.Open();
        cpu.SetThreads(backend, threads);
        using ProductWork work = new(threads);
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = (nuint)(8 * rows.Length) + (1 << 20) });
        ggml_tensor* joined = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, 3 * length * heads, patches * pictures);
        rows.CopyTo(new Span<float>(joined->data, rows.Length));
        nint Part(int part) => (nint)Ggml.ggml_view_4d(
            context, joined, length, patches, heads, pictures, joined->nb[1], (nuint)length * sizeof(float), (nuint)patches * joined->nb[1], (nuint)(part * length * heads) * sizeof(float));
        ggml_tensor* result = HeadAttention.Of(context, (ggml_tensor*)Part(0), (ggml_tensor*)Part(1), (ggml_tensor*)Part(2), 1 / MathF.Sqrt(length), work);
        ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, 16, gradients: false);
        Ggml.ggml_build_forward_expand(graph, result);
        Assert.Equal(0, GgmlBackend.ggml_backend_graph_compute(backend, graph));
        fixed (ProductWork.Progress* progress =
            &work.State)
        {
            Assert.True(new ReadOnlySpan<byte>(progress, sizeof(ProductWork.Progress)).IndexOfAnyExcept((byte)0) < 0);
        }

        return new Span<float>(result->data, rows.Length / 3).ToArray();
    }

    private static double[] Expected(float[] rows, int length, int heads, int patches, int pictures)
    {
        int width = length * heads;
        double[] expected = new double[width * patches * pictures];
        for (int picture = 0; picture < pictures; picture++)
        {
            for (int head = 0; head < heads; head++)
            {
                for (int query = 0; query < patches; query++)
                {
                    ReadOnlySpan<float> Of(int part, int patch) => rows.AsSpan((((picture * patches) + patch) * 3 * width) + (part * width) + (head * length), length);
                    double[] weights = new double[patches];
                    for (int key = 0; key < patches; key++)
                    {
                        for (int index = 0; index < length; index++) weights[key] += (double)Of(0, query)[index] * Of(1, key)[index];
                        weights[key] = Math.Exp(weights[key] / Math.Sqrt(length));
                    }

                    double sum = weights.Sum();
                    for (int key = 0; key < patches; key++)
                    {
                        for (int index = 0; index < length; index++) expected[(((picture * patches) + query) * width) + (head * length) + index] += weights[key] / sum * Of(2, key)[index];
                    }
                }
            }
        }

        return expected;
    }
}
