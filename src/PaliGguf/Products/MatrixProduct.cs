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
/// The product of a stored matrix with rows of floats, as an operation of a ggml graph on the CPU that the library's threads compute.
/// Weights stay as they are in the file. Around it can be
/// what surrounds a product in a transformer: the norm of the rows before it; bias, activation or residual after it.
/// </summary>
internal static unsafe class MatrixProduct
{
    // In the operation's parameters behind the library's ggml_custom_op_params.
    private const int EndParameter = 6;
    private const int ReuseParameter = 7;
    private const int NormParameter = 8;
    private const int EpsilonParameter = 9;

    // Threads that take rows of one record write to the same cache lines.
    private const int RowsAtOnce = RowRecord.Rows;
    private const int FewRowsAtOnce = 4;

    // A few rows read the matrix about as fast as memory gives it: so in longer pieces.
    private const int FewRows = 8;
    private const int MostPanels = 8;

    // As many or more for each thread, so that none waits long for the last.
    private const int PiecesEach = 8;

    /// <summary>Whether there is code for this processor.</summary>
    public static bool IsSupported => ProductProcessor.Chosen != InstructionSet.Library;

    /// <summary>Whether there is code for a matrix, on processors that there is code for.</summary>
    /// <param name="type">How it is stored.</param>
    /// <param name="columns">Its row length.</param>
    /// <param name="rows">Its rows.</param>
    public static bool Takes(GgmlType type, long columns, long rows) =>
        WeightFormat.Of(type) is { } format && columns % format.Length == 0 && rows % Panel.Rows == 0;

    /// <summary>
    /// Whether it is also faster than the library's where single rows are multiplied, as a decoder does. Floats are not: a single row is
    /// a matter of memory, and they have to be transposed for their panels.
    /// </summary>
    public static bool TakesFewRows(GgmlType type, long columns, long rows) =>
        Takes(type, columns, rows) && !WeightFormat.Of(type)!.Shape.IsFloats;

    /// <summary>Whether it is also faster than the library's for many rows, as in the tower: floats are in vectors of 512 bits.</summary>
    public static bool TakesManyRows(GgmlType type, long columns, long rows) =>
        Takes(type, columns, rows) && (!WeightFormat.Of(type)!.Shape.IsFloats || ProductProcessor.Chosen >= InstructionSet.Avx512Vnni);

    /// <summary>The bias of a product that has one.</summary>
    public static float* Bias(ggml_tensor* product) => (float*)product->Source(2)->data;

    /// <summary>What is added to a product that has a residual.</summary>
    public static ggml_tensor* Residual(ggml_tensor* product) => product->Source(3);

    /// <summary>A product in a graph that is being built.</summary>
    /// <param name="context">Where the graph is built.</param>
    /// <param name="weight">A matrix that <see cref="Takes"/> allows, in plain memory.</param>
    /// <param name="rows">Rows of floats without gaps.</param>
    /// <param name="around">What comes before and after.</param>
    /// <param name="work">What the threads share; its memory must suffice.</param>
    public static ggml_tensor* Of(
        GgmlContextHandle context, ggml_tensor* weight, ggml_tensor* rows, ProductSurroundings around, ProductWork work)
    {
        Span<nint> sources = [(nint)weight, (nint)rows, (nint)around.Bias, (nint)around.Residual, (nint)around.NormWeight, (nint)around.NormBias];
        // The library takes no null between sources: what is not used is the rows once more.
        sources.Replace(0, (nint)rows);
        ggml_tensor* product = CustomOperation.Of(context, weight->ne[1], rows->ne[1], sources, &Compute, work);
        ProductEnd end = around.Residual is not null
            ? ProductEnd.Residual : around.Activated ? ProductEnd.Gelu : around.Bias is not null ? ProductEnd.Bias : ProductEnd.Plain;
        product->op_params[EndParameter] = (int)end;
        product->op_params[NormParameter] = around.NormWeight is null ? 0 : 1;
        product->op_params[EpsilonParameter] = BitConverter.SingleToInt32Bits(around.NormEpsilon);
        work.Reserve(WeightFormat.Of(weight->type)!, rows->ne[0], rows->ne[1]);
        return product;
    }

    /// <summary>Makes one of these of the library's own product in a graph that is about to be computed.</summary>
    /// <param name="product">A product of a matrix in plain memory with rows without gaps, of types and shapes that <see cref="Takes"/>
    /// allows.</param>
    /// <param name="reuse">Whether the rows are those of the product computed last, in this graph, which must have been one of these and
    /// of a matrix whose format takes the same (<see cref="WeightFormat.TakesSameRows"/>).</param>
    /// <param name="work">What the threads share.</param>
    public static void Replace(ggml_tensor* product, bool reuse, ProductWork work)
    {
        work.Reserve(WeightFormat.Of(product->Source(0)->type)!, product->Source(1)->ne[0], product->Source(1)->ne[1]);
        CustomOperation.Replace(product, &Compute, work);
        product->op_params[ReuseParameter] = reuse ? 1 : 0;
    }

    private static void Compute(ggml_tensor* product, int thread, int threads, ProductWork work)
    {
        ggml_tensor* weight = product->Source(0);
        WeightFormat format = WeightFormat.Of(weight->type)!;
        TileKernel kernel = work.Kernel!.For(format.Shape, (nint)product->ne[1]);
        bool single = product->ne[1] == 1 && format.TakesOneRow;
        bool signed = single ? !kernel.OneRowByVnni && format.Shape.Bits > Avx2Tiles.Medium : kernel.TakesSigned(format);
        RowGroups rows = new(work.Rows, (nint)weight->ne[0], format.Shape, signed ? 0 : format.Offset, single);
        if (product->op_params[ReuseParameter] == 0) Take(product, rows, work, thread);
        byte* before = stackalloc byte[TileKernel.StateBytes];
        kernel.Begin(before);
        switch ((ProductEnd)product->op_params[EndParameter])
        {
            case ProductEnd.Plain:
                Multiply<PlainEnd>(product, format, kernel, rows, work, thread, threads);
                break;
            case ProductEnd.Bias:
                Multiply<BiasEnd>(product, format, kernel, rows, work, thread, threads);
                break;
            case ProductEnd.Gelu:
                Multiply<GeluEnd>(product, format, kernel, rows, work, thread, threads);
                break;
            case ProductEnd.Residual:
                Multiply<ResidualEnd>(product, format, kernel, rows, work, thread, threads);
                break;
        }

        kernel.End(before);
        // Nobody is in it any more, and the library's threads meet before the next operation.
        if (Interlocked.Increment(ref work.State.ThreadsDone) == threads) work.State = default;
    }

    private static void Multiply<TEnd>(
        ggml_tensor* product, WeightFormat format, TileKernel kernel, RowGroups rows, ProductWork work, int thread, int threads)
        where TEnd : struct, IProductEnd<TEnd>
    {
        ref int taken = ref work.State.PanelsTaken;
        byte* memory = work.PanelOf(thread);
        nint count = (nint)product->ne[1];
        int panels = (int)(product->ne[0] / Panel.Rows);
        int piece = Math.Clamp(panels / (PiecesEach * threads), 1, count <= FewRows ? MostPanels : Panel.AtOnce);
        int together = count == 1 ? 1 : Math.Min(piece, Panel.AtOnce);
        for (int first; (first = Interlocked.Add(ref taken, piece) - piece) < panels;)
        {
            int end = Math.Min(first + piece, panels);
            for (int panel = first; panel < end; panel += together)
            {
                Panel.Multiply<TEnd>(product, format, kernel, (nint)panel * Panel.Rows, Math.Min(together, end - panel), rows, memory);
            }
        }
    }

    private static void Take(ggml_tensor* product, RowGroups rows, ProductWork work, int thread)
    {
        ref ProductWork.Progress progress = ref work.State;
        ggml_tensor* source = product->Source(1);
        int length = (int)source->ne[0];
        int count = (int)product->ne[1];
        bool normed = product->op_params[NormParameter] != 0;
        float epsilon = BitConverter.Int32BitsToSingle(product->op_params[EpsilonParameter]);
        int some = count > RowsAtOnce ? RowsAtOnce : FewRowsAtOnce;
        for (int first; (first = Interlocked.Add(ref progress.RowsTaken, some) - some) < count;)
        {
            int end = Math.Min(first + some, count);
            for (int row = first; row < end; row++)
            {
                float* values = (float*)((byte*)source->data + ((nuint)row * source->nb[1]));
                if (normed)
                {
                    // The panels' memory is free as yet, and longer than a row.
                    float* result = (float*)work.PanelOf(thread);
                    RowNorm.Apply(
                        new ReadOnlySpan<float>(values, length), new ReadOnlySpan<float>(product->Source(4)->data, length),
                        new ReadOnlySpan<float>(product->Source(5)->data, length), epsilon,
                        new Span<float>(result, length));
                    values = result;
                }

                rows.Set(row, values);
            }

            Interlocked.Add(ref progress.RowsReady, end - first);
        }

        // As the library's threads wait for each other: who gave its core away here would get it back too late, on a machine that others
        // want too.
        while (Volatile.Read(ref progress.RowsReady) < count) Thread.SpinWait(1);
    }
}
