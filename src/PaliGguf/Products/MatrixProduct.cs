using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>What becomes of a product's sums.</summary>
internal enum ProductEnd
{
    /// <summary>They are the result.</summary>
    Plain,

    /// <summary>A bias is added.</summary>
    Bias,

    /// <summary>The activation of their sum with a bias.</summary>
    Gelu,

    /// <summary>A bias and rows of another tensor are added.</summary>
    Residual,
}

/// <summary>
/// The product of a stored, quantized matrix with rows of floats, as an operation of a ggml graph on the CPU that the library's threads compute. Weights stay as they are in the file. Around it can be
/// what surrounds a product in a transformer: the norm of the rows before it; bias, activation or residual after it.
/// </summary>
internal static unsafe class MatrixProduct
{
    // In the operation's parameters behind the library's ggml_custom_op_params.
    private const int EndParameter = 6;
    private const int ReuseParameter = 7;
    private const int NormParameter = 8;
    private const int EpsilonParameter = 9;

    private const int RowsAtOnce = 4;

    // A few rows read the matrix about as fast as memory gives it: so in longer pieces.
    private const int FewRows = 8;

    /// <summary>Whether there is code for this processor.</summary>
    public static bool IsSupported => Panel.IsSupported;

    /// <summary>Whether there is code for a matrix, on processors that there is code for.</summary>
    /// <param name="type">How it is stored.</param>
    /// <param name="columns">Its row length.</param>
    /// <param name="rows">Its rows.</param>
    public static bool Takes(GgmlType type, long columns, long rows) =>
        type is GgmlType.Q8_0 or GgmlType.Q4_0 or GgmlType.IQ4_NL && columns % IWeightBlock.Length == 0 && rows % Panel.Rows == 0;

    /// <summary>The bias of a product that has one.</summary>
    public static float* Bias(ggml_tensor* product) => (float*)Source(product, 2)->data;

    /// <summary>What is added to a product that has a residual.</summary>
    public static ggml_tensor* Residual(ggml_tensor* product) => Source(product, 3);

    /// <summary>A product in a graph that is being built.</summary>
    /// <param name="context">Where the graph is built.</param>
    /// <param name="weight">A matrix that <see cref="Takes"/> allows, in plain memory.</param>
    /// <param name="rows">Rows of floats without gaps.</param>
    /// <param name="around">What comes before and after.</param>
    /// <param name="work">What the threads share; its memory must suffice.</param>
    public static ggml_tensor* Of(GgmlContextHandle context, ggml_tensor* weight, ggml_tensor* rows, ProductSurroundings around, ProductWork work)
    {
        ggml_tensor** sources = stackalloc ggml_tensor*[] { weight, rows, around.Bias, around.Residual, around.NormWeight, around.NormBias };
        int count = 6;
        // The library takes no null between sources: what is not used is the rows once more.
        for (int index = 0; index < count; index++) sources[index] = sources[index] is null ? rows : sources[index];
        ggml_tensor* product = Ggml.ggml_custom_4d(context, GgmlType.F32, weight->ne[1], rows->ne[1], 1, 1, sources, count, &Compute, CustomOperation.EveryThread, work.Pointer);
        product->op_params[EndParameter] = (int)(around.Residual is not null ? ProductEnd.Residual : around.Activated ? ProductEnd.Gelu : around.Bias is not null ? ProductEnd.Bias : ProductEnd.Plain);
        product->op_params[NormParameter] = around.NormWeight is null ? 0 : 1;
        product->op_params[EpsilonParameter] = BitConverter.SingleToInt32Bits(around.NormEpsilon);
        work.Reserve(rows->ne[0], rows->ne[1]);
        return product;
    }

    /// <summary>Makes one of these of the library's own product in a graph that is about to be computed.</summary>
    /// <param name="product">A product of a matrix in plain memory with rows without gaps, of types and shapes that <see cref="Takes"/> allows.</param>
    /// <param name="reuse">Whether the rows are those of the product computed last, in this graph, which must have been one of these and of a matrix of the same type.</param>
    /// <param name="work">What the threads share.</param>
    public static void Replace(ggml_tensor* product, bool reuse, ProductWork work)
    {
        work.Reserve(Source(product, 1)->ne[0], Source(product, 1)->ne[1]);
        CustomOperation.Replace(product, &Compute, work.Pointer);
        product->op_params[ReuseParameter] = reuse ? 1 : 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Compute(ggml_tensor* product, int thread, int threads, void* work)
    {
        ProductWork.State* state = (ProductWork.State*)work;
        switch (Source(product, 0)->type)
        {
            case GgmlType.Q8_0:
                Run<Q8Block>(product, state, thread, threads);
                break;
            case GgmlType.Q4_0:
                Run<Q4Block>(product, state, thread, threads);
                break;
            case GgmlType.IQ4_NL:
                Run<NonLinear4Block>(product, state, thread, threads);
                break;
        }
    }

    private static void Run<TBlock>(ggml_tensor* product, ProductWork.State* state, int thread, int threads)
        where TBlock : struct, IWeightBlock
    {
        if (product->op_params[ReuseParameter] == 0) Quantize(product, state, TBlock.Offset, thread);
        switch ((ProductEnd)product->op_params[EndParameter])
        {
            case ProductEnd.Plain:
                Multiply<TBlock, PlainEnd>(product, state, thread, threads);
                break;
            case ProductEnd.Bias:
                Multiply<TBlock, BiasEnd>(product, state, thread, threads);
                break;
            case ProductEnd.Gelu:
                Multiply<TBlock, GeluEnd>(product, state, thread, threads);
                break;
            case ProductEnd.Residual:
                Multiply<TBlock, ResidualEnd>(product, state, thread, threads);
                break;
        }

        // Nobody is in it any more, and the library's threads meet before the next operation.
        if (Interlocked.Increment(ref state->Progress.ThreadsDone) == threads) state->Progress = default;
    }

    private static void Multiply<TBlock, TEnd>(ggml_tensor* product, ProductWork.State* state, int thread, int threads)
        where TBlock : struct, IWeightBlock
        where TEnd : struct, IProductEnd<TEnd>
    {
        ref int taken = ref state->Progress.PanelsTaken;
        ggml_tensor* weight = Source(product, 0);
        QuantizedRows rows = state->Rows;
        rows.Length = (nint)weight->ne[0];
        nint count = (nint)product->ne[1];
        nint stride = (nint)(product->nb[1] / sizeof(float));
        byte* panel = state->Panels + (thread * state->PanelBytes);
        int panels = (int)(weight->ne[1] / Panel.Rows);
        int atOnce = count <= FewRows ? Math.Clamp(panels / (8 * threads), 1, 8) : 1;
        for (int first; (first = Interlocked.Add(ref taken, atOnce) - atOnce) < panels;)
        {
            for (int index = first; index < Math.Min(first + atOnce, panels); index++)
            {
                nint column = (nint)index * Panel.Rows;
                Panel.Multiply<TBlock, TEnd>((byte*)weight->data + ((nuint)column * weight->nb[1]), rows, count, panel, (float*)product->data + column, stride, TEnd.Of(product, column));
            }
        }
    }

    private static void Quantize(ggml_tensor* product, ProductWork.State* state, int offset, int thread)
    {
        ref ProductWork.Progress progress = ref state->Progress;
        ggml_tensor* source = Source(product, 1);
        QuantizedRows rows = state->Rows;
        rows.Length = (nint)source->ne[0];
        int count = (int)product->ne[1];
        bool normed = product->op_params[NormParameter] != 0;
        float epsilon = BitConverter.Int32BitsToSingle(product->op_params[EpsilonParameter]);
        for (int first; (first = Interlocked.Add(ref progress.RowsTaken, RowsAtOnce) - RowsAtOnce) < count;)
        {
            int end = Math.Min(first + RowsAtOnce, count);
            for (int row = first; row < end; row++)
            {
                float* values = (float*)((byte*)source->data + ((nuint)row * source->nb[1]));
                if (normed)
                {
                    // A panel's memory is free as yet, and longer than a row.
                    float* result = (float*)(state->Panels + (thread * state->PanelBytes));
                    RowNorm.Apply(
                        new ReadOnlySpan<float>(values, (int)rows.Length), new ReadOnlySpan<float>(Source(product, 4)->data, (int)rows.Length),
                        new ReadOnlySpan<float>(Source(product, 5)->data, (int)rows.Length), epsilon, new Span<float>(result, (int)rows.Length));
                    values = result;
                }

                rows.Set(row, values, offset);
            }

            Interlocked.Add(ref progress.RowsReady, end - first);
        }

        // As the library's threads wait for each other: who gave its core away here would get it back too late, on a machine that others want too.
        while (Volatile.Read(ref progress.RowsReady) < count) Thread.SpinWait(1);
    }

    private static ggml_tensor* Source(ggml_tensor* product, int index) => (ggml_tensor*)product->src[index];
}
