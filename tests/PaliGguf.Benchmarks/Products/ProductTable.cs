using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Benchmarks.Products;

/// <summary>
/// "products [TYPE ...] [SET ...] [rows=1,4,8,261] [threads=N] [loops]": GFLOP/s of products of a matrix of 2304 columns by type,
/// instruction set and number of rows, beside the library's, as a Markdown table. Of a single row also
/// the bytes of weights per second, from a matrix that no cache holds, beside what can be read of memory at all. Then (or only, with
/// "loops") the inner loops alone, of what the smallest cache holds.
/// </summary>
internal static unsafe class ProductTable
{
    private const int Columns = 2304;
    private const int Outputs = 9216;
    private const long Uncached = 400L << 20;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.25);

    public static void Print(TextWriter output, IReadOnlyList<string> arguments)
    {
        NativeLibraries.Load();
        int threads = int.Parse(Value(arguments, "threads=") ?? $"{Environment.ProcessorCount}", CultureInfo.InvariantCulture);
        int[] rows =
            [.. (Value(arguments, "rows=") ?? "1,4,8,261").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        GgmlType[] types = [.. Named(arguments, WeightFormat.Types)];
        InstructionSet[] sets = [.. Named(arguments, ProductProcessor.Available)];
        if (arguments.Contains("loops"))
        {
            PrintLoops(output, sets, types);
            return;
        }

        double bandwidth = ReadBandwidth(threads);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{threads} threads; GFLOP/s, best of some runs; memory is read at {bandwidth:0.0} GB/s\n"));
        output.WriteLine(
            $"| type | products | {string.Join(" | ", rows)} | 1 row, GB/s |\n|---|---|{string.Concat(rows.Select(_ => "---|"))}---|");
        foreach (GgmlType type in types)
        {
            foreach (InstructionSet set in sets) output.WriteLine(Row(type, set, rows, threads));
        }

        output.WriteLine();
        PrintLoops(output, sets, types);
    }

    private static void PrintLoops(TextWriter output, InstructionSet[] sets, GgmlType[] types)
    {
        output.WriteLine("| inner loops, one thread | GFLOP/s |\n|---|---|");
        foreach (InstructionSet set in sets.Where(set => set != InstructionSet.Library))
        {
            foreach (TileShape shape in types.Select(type => WeightFormat.Of(type)!.Shape).Distinct()) output.WriteLine(Loop(set, shape));
        }

        output.WriteLine("\n| one row, one thread, from the cache | GB/s |\n|---|---|");
        foreach (GgmlType type in types.Where(type => WeightFormat.Of(type)!.TakesOneRow))
        {
            foreach (bool vnni in sets.Contains(InstructionSet.AvxVnni) ? [false, true] : new[] { false })
                output.WriteLine(OneRow(type, vnni));
        }
    }

    private static string Row(GgmlType type, InstructionSet set, int[] rows, int threads)
    {
        double[] speeds = new double[rows.Length];
        double bytes = 0;
        for (int index = 0; index < rows.Length; index++)
        {
            // The product of many rows is a matter of the processor; of a few, of memory.
            long outputs = rows[index] > 8 ? Outputs : Uncached / type.RowByteLength(Columns) / 16 * 16;
            double seconds = Seconds(type, set, outputs, rows[index], threads);
            speeds[index] = 2e-9 * Columns * outputs * rows[index] / seconds;
            if (rows[index] == 1) bytes = 1e-9 * outputs * type.RowByteLength(Columns) / seconds;
        }

        return string.Create(CultureInfo.InvariantCulture, $"| {type} | {ProductProcessor.Name(set)} | "
            + $"{string.Join(" | ", speeds.Select(speed => speed.ToString("0", CultureInfo.InvariantCulture)))} | {bytes:0.0} |");
    }

    /// <summary>What one product takes.</summary>
    private static double Seconds(GgmlType type, InstructionSet set, long outputs, int rows, int threads)
    {
        ComputeDevice cpu = ComputeDevice.Cpu();
        using GgmlBackendHandle backend = cpu.Open();
        cpu.SetThreads(backend, threads);
        using ProductWork work = new(threads, set);
        using GgmlContextHandle weights = Ggml.ggml_init(new ggml_init_params { mem_size = 1 << 16, no_alloc = 1 });
        ggml_tensor* weight = Ggml.ggml_new_tensor_2d(weights, type, Columns, outputs);
        nint kind = set == InstructionSet.Library ? cpu.WeightBufferType(type, Columns, outputs) : cpu.PlainBufferType;
        using GgmlBufferHandle buffer = GgmlBackend.ggml_backend_alloc_ctx_tensors_from_buft(weights, (ggml_backend_buffer_type*)kind);
        GgmlBackend.ggml_backend_buffer_set_usage(buffer, GgmlBackend.UsageWeights);
        Fill(weight, type, outputs);
        nuint room = (nuint)(4L * rows * (Columns + outputs)) + (1 << 20);
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = room });
        ggml_tensor* source = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, Columns, rows);
        Random random = new(2);
        foreach (ref float value in new Span<float>(source->data, Columns * rows)) value = random.NextSingle() - 0.5f;
        ggml_tensor* product = set == InstructionSet.Library
            ? Ggml.ggml_mul_mat(context, weight, source) : MatrixProduct.Of(context, weight, source, default, work);
        ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, 16, gradients: false);
        Ggml.ggml_build_forward_expand(graph, product);
        GgmlBackend.ggml_backend_graph_compute(backend, graph);
        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        for (int run = 0; run < 3 || Stopwatch.GetElapsedTime(begin) < Least; run++)
        {
            long start = Stopwatch.GetTimestamp();
            GgmlBackend.ggml_backend_graph_compute(backend, graph);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    /// <summary>Random weights, the same few rows again and again.</summary>
    private static void Fill(ggml_tensor* weight, GgmlType type, long outputs)
    {
        const int Rows = 16;
        Random random = new(1);
        float[] values = [.. Enumerable.Range(0, Rows * Columns).Select(_ => random.NextSingle() - 0.5f)];
        byte[] some = new byte[Rows * type.RowByteLength(Columns)];
        if (type == GgmlType.F32) MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(some);
        else GgmlRows.Quantize(type, values, Columns, [], some);
        byte[] all = new byte[outputs * type.RowByteLength(Columns)];
        for (long done = 0; done < all.Length; done += some.Length) some.CopyTo(all, done);
        fixed (byte* data = all) GgmlBackend.ggml_backend_tensor_set(weight, data, 0, (nuint)all.Length);
    }

    private static string Loop(InstructionSet set, TileShape shape)
    {
        const int Blocks = 16;
        const int Calls = 50;
        using TileKernel opened = TileKernel.Open(set);
        opened.Prepare(shape);
        TileKernel kernel = opened.For(shape, Outputs);
        byte* memory = (byte*)NativeMemory.AlignedAlloc(1 << 20, 64);
        NativeMemory.Clear(memory, 1 << 20);
        int rows = kernel.RowsAtOnce(shape);
        Tile tile = new() { Panel = memory, Scales = (float*)(memory + (Blocks * shape.PanelBytes)), Blocks = Blocks, Stride = 64 };
        tile.Values = (byte*)tile.Scales + (Blocks * shape.ScaleFloats * sizeof(float));
        tile.RowScales = tile.Values + RowRecord.Scales;
        tile.Sums = (float*)(tile.Values + (Blocks * shape.RecordBytes));
        tile.Scratch = TileKernel.ScratchIn((byte*)tile.Sums + 4096);
        double best = double.PositiveInfinity;
        byte* before = stackalloc byte[TileKernel.StateBytes];
        kernel.Begin(before);
        for (int run = 0; run < 1000; run++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < Calls; call++) kernel.Multiply(shape, rows, &tile);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        kernel.End(before);
        NativeMemory.AlignedFree(memory);
        return string.Create(CultureInfo.InvariantCulture, $"| {ProductProcessor.Name(kernel.Instructions)}, "
            + $"{(shape.IsFloats ? "floats" : $"{shape.Bits} bits, {shape.Groups} scales{(shape.Minima ? " and minima" : "")}")}, {rows} "
            + $"rows | {2e-9 * Calls * Blocks * 512 * rows / best:0} |");
    }

    /// <summary>What a single row's products could read of weights, were memory no limit.</summary>
    private static string OneRow(GgmlType type, bool vnni)
    {
        WeightFormat format = WeightFormat.Of(type)!;
        nint stride = (nint)type.RowByteLength(Columns), bytes = Panel.Rows * stride;
        // What is read ahead of a panel lies behind it.
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)(3 * bytes) + (1 << 20), 64);
        NativeMemory.Clear(memory, (nuint)(3 * bytes) + (1 << 20));
        RowGroups rows = new(memory + (2 * bytes), Columns, format.Shape, format.Offset, single: true);
        float* sums = stackalloc float[Panel.Rows];
        double best = double.PositiveInfinity;
        for (int run = 0; run < 3000; run++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; call < 10; call++) format.MultiplyOneRow(vnni, memory, stride, rows, sums);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        NativeMemory.AlignedFree(memory);
        return string.Create(CultureInfo.InvariantCulture, $"| {type}, {(vnni ? "avxvnni" : "avx2")} | {1e-9 * 10 * bytes / best:0.0} |");
    }

    private static double ReadBandwidth(int threads)
    {
        long slice = Uncached / sizeof(float) / threads;
        float[][] slices = [.. Enumerable.Range(0, threads).Select(_ => new float[slice])];
        foreach (float[] one in slices) one.AsSpan().Fill(1);
        double best = 0;
        for (int run = 0; run < 5; run++)
        {
            long start = Stopwatch.GetTimestamp();
            Parallel.ForEach(slices, one => Sum(one));
            best = Math.Max(best, 1e-9 * threads * slice * sizeof(float) / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    // Optimized at once: what counts its own calls first reads half as fast.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Sum(float[] values)
    {
        ref float from = ref MemoryMarshal.GetArrayDataReference(values);
        Vector512<float> a = default, b = default, c = default, d = default;
        for (nuint index = 0; index + 64 <= (nuint)values.Length; index += 64)
        {
            a += Vector512.LoadUnsafe(ref from, index);
            b += Vector512.LoadUnsafe(ref from, index + 16);
            c += Vector512.LoadUnsafe(ref from, index + 32);
            d += Vector512.LoadUnsafe(ref from, index + 48);
        }

        return a + b + c + d;
    }

    private static IEnumerable<T> Named<T>(IReadOnlyList<string> arguments, IReadOnlyCollection<T> all)
        where T : struct, Enum
    {
        T[] named = [.. all.Where(one => arguments.Contains(one.ToString(), StringComparer.OrdinalIgnoreCase))];
        return named.Length == 0 ? all : named;
    }

    private static string? Value(IReadOnlyList<string> arguments, string name) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
