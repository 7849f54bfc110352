using System.Numerics.Tensors;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

/// <summary>A stored matrix, rows to multiply it with, and what surrounds the product.</summary>
internal sealed unsafe record ProductCase(GgmlType Type, int Columns, int Outputs, byte[] Weights, float[] Rows)
{
    public float[]? Bias { get; init; }

    public bool Activated { get; init; }

    public float[]? Residual { get; init; }

    public (float[] Weight, float[] Bias, float Epsilon)? Norm { get; init; }

    public int Count => Rows.Length / Columns;

    /// <summary>Random weights, and rows of multiples of a power of two per block that the products' bytes can hold exactly.</summary>
    public static ProductCase Exact(GgmlType type, int columns, int outputs, int count, int seed = 1)
    {
        Random random = new(seed);
        float[] rows = new float[columns * count];
        for (int block = 0; block < rows.Length / 32; block++)
        {
            float scale = MathF.ScaleB(1, random.Next(-6, 6));
            for (int index = 0; index < 32; index++) rows[(32 * block) + index] = random.Next(-127, 128) * scale;
            rows[(32 * block) + random.Next(32)] = (random.Next(2) == 0 ? 127 : -127) * scale;
        }

        return new ProductCase(type, columns, outputs, Stored(type, Noise(random, columns * outputs, 0.1f), columns), rows);
    }

    public static float[] Noise(Random random, int count, float largest) => [.. Enumerable.Range(0, count).Select(_ => largest * ((2 * random.NextSingle()) - 1))];

    public static byte[] Stored(GgmlType type, float[] values, int columns)
    {
        byte[] stored = new byte[values.Length / type.BlockSize * type.TypeSize];
        GgmlRows.Quantize(type, values, columns, [], stored);
        return stored;
    }

    /// <summary>The first rows alone.</summary>
    public ProductCase First(int count) => this with { Rows = Rows[..(count * Columns)] };

    /// <summary>With other 16-bit scales (and minima) of the weights' blocks, by a block's number.</summary>
    public ProductCase Scaled(Func<int, Half> scale)
    {
        byte[] weights = [.. Weights];
        for (int block = 0; block < weights.Length / Type.TypeSize; block++)
        {
            foreach (int position in ScalePositions(Type))
                BitConverter.TryWriteBytes(weights.AsSpan((block * (int)Type.TypeSize) + position), scale(block));
        }

        return this with { Weights = weights };
    }

    /// <summary>Blocks of any bytes, all the same or random ones; only the 16-bit scales are as they are.</summary>
    public ProductCase Filled(Func<byte> value)
    {
        byte[] weights = [.. Weights];
        for (int block = 0; block < weights.Length; block += (int)Type.TypeSize)
        {
            int[] scales = ScalePositions(Type);
            for (int index = 0; index < Type.TypeSize; index++)
            {
                if (!scales.Any(position => index == position || index == position + 1)) weights[block + index] = value();
            }
        }

        return this with { Weights = weights };
    }

    /// <summary>Where a block's 16-bit floats are (ggml-common.h).</summary>
    private static int[] ScalePositions(GgmlType type) => type switch
    {
        GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 => [],
        GgmlType.Q4_1 or GgmlType.Q5_1 or GgmlType.Q4_K or GgmlType.Q5_K => [0, 2],
        GgmlType.Q2_K => [80, 82],
        GgmlType.Q3_K => [108],
        GgmlType.Q6_K => [208],
        _ => [0],
    };

    /// <summary>What ggml reads the weights as.</summary>
    public float[] Dequantized()
    {
        float[] values = new float[Columns * Outputs];
        GgmlRows.Dequantize(Type, Weights, values);
        return values;
    }

    /// <summary>The products alone, and the sums of their terms' magnitudes.</summary>
    public (double[] Sums, double[] Magnitudes) Expected()
    {
        double[] weights = [.. Dequantized().Select(value => (double)value)];
        double[] rows = [.. Rows.Select(value => (double)value)];
        double[] sums = new double[Count * Outputs], magnitudes = new double[Count * Outputs];
        Parallel.For(0, Count, row =>
        {
            double[] terms = new double[Columns];
            for (int output = 0; output < Outputs; output++)
            {
                TensorPrimitives.Multiply(rows.AsSpan(row * Columns, Columns), weights.AsSpan(output * Columns, Columns), terms);
                sums[(row * Outputs) + output] = TensorPrimitives.Sum<double>(terms);
                magnitudes[(row * Outputs) + output] = TensorPrimitives.SumOfMagnitudes<double>(terms);
            }
        });
        return (sums, magnitudes);
    }

    /// <summary>Computes it as an operation of a graph.</summary>
    public float[] Compute(string instructions, int threads = 1)
    {
        using ProductWork work = new(threads, Enum.Parse<InstructionSet>(instructions));
        return Compute(work, threads);
    }

    /// <summary>Computes it with given shared memory.</summary>
    public float[] Compute(ProductWork work, int threads = 1) => Compute(threads, (context, weight, rows) => (nint)MatrixProduct.Of(
        context,
        (ggml_tensor*)weight,
        (ggml_tensor*)rows,
        new ProductSurroundings
        {
            NormWeight = Tensor(context, Norm?.Weight, Columns),
            NormBias = Tensor(context, Norm?.Bias, Columns),
            NormEpsilon = Norm?.Epsilon ?? 0,
            Bias = Tensor(context, Bias, Outputs),
            Activated = Activated,
            Residual = Tensor(context, Residual, Outputs),
        },
        work));

    /// <summary>Computes the product that a graph has it in.</summary>
    public float[] Compute(int threads, Func<GgmlContextHandle, nint, nint, nint> product)
    {
        ComputeDevice cpu = ComputeDevice.Cpu();
        using GgmlBackendHandle backend = cpu.Open();
        cpu.SetThreads(backend, threads);
        nuint room = (nuint)(Weights.Length + (4 * (Rows.Length + (2 * Count * Outputs) + (4 * Math.Max(Columns, Outputs)))) + (1 << 20));
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = room + Ggml.ggml_graph_overhead_custom(16, gradients: false) });
        ggml_tensor* weight = Ggml.ggml_new_tensor_2d(context, Type, Columns, Outputs);
        Weights.CopyTo(new Span<byte>(weight->data, Weights.Length));
        ggml_tensor* result = (ggml_tensor*)product(context, (nint)weight, (nint)Tensor(context, Rows, Columns));
        ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, 16, gradients: false);
        Ggml.ggml_build_forward_expand(graph, result);
        Assert.Equal(0, GgmlBackend.ggml_backend_graph_compute(backend, graph));
        return new Span<float>(result->data, Count * Outputs).ToArray();
    }

    private static ggml_tensor* Tensor(GgmlContextHandle context, float[]? values, int width)
    {
        if (values is null) return null;
        ggml_tensor* tensor = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, width, values.Length / width);
        values.CopyTo(new Span<float>(tensor->data, values.Length));
        return tensor;
    }
}
