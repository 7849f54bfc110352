using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed unsafe class CellOrderTests
{
    private const int Length = 32;
    private const int Cells = 160;

    [AttentionTheory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_row_comes_to_the_same_bits_wherever_the_cells_of_its_sequence_lie(int rows) => Compare(rows);

    [AttentionTheory]
    [InlineData(64)]
    [InlineData(133)]
    public void Rows_in_tiles_do_as_well(int rows) => Compare(rows);

    [Fact]
    public void Cells_come_in_the_order_in_which_they_were_written()
    {
        using GgmlContextHandle context = Context();
        CellOrder order = new();
        ggml_tensor* cache = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, 6);

        order.Take(Writing(context, cache, [4, 1]));
        order.Take(Writing(context, cache, [0]));
        order.Take(Writing(context, cache, [1, 5]));

        Assert.Equal([2, 3, 4, 0, 1, 5], OrderOf(order, cache));
    }

    [Fact]
    public void What_no_cache_holds_is_passed_over()
    {
        using GgmlContextHandle context = Context();
        CellOrder order = new();
        ggml_tensor* cache = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, 3);

        order.Take(Writing(context, cache, [-1, 1, 1, 3, long.MaxValue]));

        Assert.Equal([0, 2, 1], OrderOf(order, cache));
    }

    [Fact]
    public void Layers_that_write_to_the_same_cells_have_one_order_and_others_their_own()
    {
        using GgmlContextHandle context = Context();
        CellOrder order = new();
        ggml_tensor* first = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, 3);
        ggml_tensor* second = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, 3);
        ggml_tensor* other = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, 3);
        ggml_tensor* numbers = Numbers(context, [0]);

        order.Take(Writing(context, first, numbers));
        order.Take(Writing(context, second, numbers));
        order.Take(Writing(context, other, [1]));

        Assert.Equal([1, 2, 0], OrderOf(order, first));
        Assert.Equal([1, 2, 0], OrderOf(order, second));
        Assert.Equal([0, 2, 1], OrderOf(order, other));
    }

    private static void Compare(int rows)
    {
        int[] ascending = [.. Enumerable.Range(0, 100)];
        int[] anywhere = [.. Enumerable.Range(0, Cells)];
        new Random(rows).Shuffle(anywhere);

        float[] expected = Attention(rows, ascending);

        Assert.Equal(expected, Attention(rows, anywhere[..ascending.Length]));
    }

    private static int[] OrderOf(CellOrder order, ggml_tensor* cache)
    {
        using GgmlContextHandle context = Context();
        long* written = order.Of(Head(context, cache));
        long[] times = [.. new Span<long>(written, (int)cache->ne[1])];
        return [.. Enumerable.Range(0, times.Length).OrderBy(cell => times[cell])];
    }

    /// <summary>Rows that see a sequence of tokens, which were written one after the other to some cells.</summary>
    private static float[] Attention(int rows, int[] cells)
    {
        using GgmlContextHandle context = Context();
        CellOrder order = new();
        Random random = new(1);
        ggml_tensor* keys = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, Cells);
        ggml_tensor* values = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Length, Cells);
        ggml_tensor* mask = Ggml.ggml_new_tensor_2d(context, GgmlType.F16, Cells, rows);
        ggml_tensor* queries = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, Length, rows);
        new Span<Half>(keys->data, Length * Cells).Clear();
        new Span<Half>(values->data, Length * Cells).Clear();
        new Span<Half>(mask->data, Cells * rows).Fill(Half.NegativeInfinity);
        foreach (int cell in cells)
        {
            order.Take(Writing(context, keys, [cell]));
            for (int index = 0; index < Length; index++)
            {
                ((Half*)keys->data)[(cell * Length) + index] = (Half)(random.NextSingle() - 0.5f);
                ((Half*)values->data)[(cell * Length) + index] = (Half)(random.NextSingle() - 0.5f);
            }

            for (int row = 0; row < rows; row++) ((Half*)mask->data)[(row * Cells) + cell] = Half.Zero;
        }

        foreach (ref float value in new Span<float>(queries->data, Length * rows)) value = random.NextSingle() - 0.5f;
        ggml_tensor* result = Ggml.ggml_flash_attn_ext(
            context, Head(context, queries), Head(context, keys), Head(context, values), mask, scale: 1, 0, 50);
        using ProductWork work = new(threads: 1);
        DecoderAttention.TryReplace(result, work, order);
        ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, 16, gradients: false);
        Ggml.ggml_build_forward_expand(graph, result);
        ComputeDevice cpu = ComputeDevice.Cpu();
        using GgmlBackendHandle backend = cpu.Open();
        cpu.SetThreads(backend, 1);
        Assert.Equal(0, GgmlBackend.ggml_backend_graph_compute(backend, graph));
        return new Span<float>(result->data, Length * rows).ToArray();
    }

    private static ggml_tensor* Head(GgmlContextHandle context, ggml_tensor* rows) =>
        Ggml.ggml_view_4d(context, rows, Length, rows->ne[1], 1, 1, rows->nb[1], rows->nb[1], rows->nb[1] * (nuint)rows->ne[1], 0);

    private static ggml_tensor* Writing(GgmlContextHandle context, ggml_tensor* cache, ReadOnlySpan<long> cells) =>
        Writing(context, cache, Numbers(context, cells));

    private static ggml_tensor* Writing(GgmlContextHandle context, ggml_tensor* cache, ggml_tensor* numbers) =>
        Ggml.ggml_set_rows(context, cache, Ggml.ggml_new_tensor_2d(context, GgmlType.F32, Length, numbers->ne[0]), numbers);

    private static ggml_tensor* Numbers(GgmlContextHandle context, ReadOnlySpan<long> cells)
    {
        ggml_tensor* numbers = Ggml.ggml_new_tensor_2d(context, GgmlType.I64, cells.Length, 1);
        cells.CopyTo(new Span<long>(numbers->data, cells.Length));
        return numbers;
    }

    private static GgmlContextHandle Context()
    {
        NativeLibraries.Load();
        return Ggml.ggml_init(new ggml_init_params { mem_size = 4 << 20 });
    }
}
