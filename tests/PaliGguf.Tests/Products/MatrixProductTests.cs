using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed unsafe class MatrixProductTests
{
    private static readonly GgmlType[] Types = [GgmlType.Q8_0, GgmlType.Q4_0, GgmlType.IQ4_NL];

    /// <summary>Types, row lengths (of 49 blocks and more in parts) and rows of a matrix.</summary>
    public static TheoryData<GgmlType, int, int> Shapes()
    {
        TheoryData<GgmlType, int, int> shapes = [];
        foreach (GgmlType type in Types)
        {
            foreach (int columns in new[] { 32, 64, 1152, 49 * 32, 4320 })
            {
                foreach (int outputs in new[] { 16, 48, 1152 })
                {
                    if (columns <= 1152 || outputs < 1152) shapes.Add(type, columns, outputs);
                }
            }
        }

        return shapes;
    }

    public static TheoryData<GgmlType> EachType() => [.. Types];

    [ProductTheory]
    [MemberData(nameof(Shapes))]
    public void Any_number_of_rows_times_what_ggml_reads_the_matrix_as_is_the_product(GgmlType type, int columns, int outputs)
    {
        ProductCase all = ProductCase.Exact(type, columns, outputs, count: 256);
        (double[] sums, double[] magnitudes) = all.Expected();

        foreach (int count in new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 256 })
        {
            float[] actual = all.First(count).Compute();

            Assert.Equal(count * outputs, actual.Length);
            AssertClose(sums, magnitudes, actual);
        }
    }

    [ProductTheory]
    [MemberData(nameof(Shapes))]
    public void The_numbers_do_not_depend_on_the_threads(GgmlType type, int columns, int outputs)
    {
        foreach (int count in new[] { 1, 9, 61 })
        {
            ProductCase some = ProductCase.Exact(type, columns, outputs, count);
            Assert.Equal(some.Compute(threads: 1), some.Compute(threads: 2));
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachType))]
    public void Scales_are_taken_whatever_16_bit_float_they_are(GgmlType type)
    {
        Half[] scales = [Half.Zero, Half.NegativeZero, Half.Epsilon, -Half.Epsilon, (Half)6.0e-5f, (Half)(-3.1e-5f), (Half)(-1), Half.MaxValue, Half.MinValue, (Half)0.333f];
        // One scale for all blocks, so that none hides behind a larger one.
        foreach (Half scale in scales)
        {
            ProductCase scaled = ProductCase.Exact(type, 96, 32, count: 5).Scaled(_ => scale);
            (double[] sums, double[] magnitudes) = scaled.Expected();
            AssertClose(sums, magnitudes, scaled.Compute());
            AssertClose(sums, magnitudes, scaled.First(1).Compute());
        }

        ProductCase mixed = ProductCase.Exact(type, 320, 16, count: 3).Scaled(block => scales[block % scales.Length]);
        (double[] mixedSums, double[] mixedMagnitudes) = mixed.Expected();
        AssertClose(mixedSums, mixedMagnitudes, mixed.Compute());
    }

    [ProductTheory]
    [MemberData(nameof(EachType))]
    public void Rows_of_zeros_give_zeros(GgmlType type)
    {
        ProductCase some = ProductCase.Exact(type, 64, 32, count: 6);
        some.Rows.AsSpan(2 * 64, 3 * 64).Clear();

        float[] actual = some.Compute();

        Assert.All(actual[(2 * 32)..(5 * 32)], value => Assert.Equal(0f, value));
        Assert.Contains(actual, value => value != 0);
    }

    [ProductTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    public void What_follows_is_computed_from_the_sums(int count)
    {
        Random random = new(count);
        foreach (GgmlType type in Types)
        {
            foreach (int columns in new[] { 64, 49 * 32 })
            {
                ProductCase plain = ProductCase.Exact(type, columns, 48, count);
                float[] bias = ProductCase.Noise(random, 48, 2), residual = ProductCase.Noise(random, 48 * count, 10);
                double[] sums = [.. plain.Compute().Select((value, index) => (double)value + bias[index % 48])];

                AssertClose(sums, (plain with { Bias = bias }).Compute());
                AssertClose([.. sums.Select(Activation)], (plain with { Bias = bias, Activated = true }).Compute());
                AssertClose([.. sums.Zip(residual, (sum, added) => sum + added)], (plain with { Bias = bias, Residual = residual }).Compute());
            }
        }
    }

    [ProductTheory]
    [InlineData(64, 1e-6f)]
    [InlineData(1152, 1e-6f)]
    [InlineData(1152, 0f)]
    [InlineData(8192, 1e-6f)]
    public void A_norm_before_is_as_if_the_rows_had_been_normalized(int columns, float epsilon)
    {
        Random random = new(columns);
        float[] weight = ProductCase.Noise(random, columns, 2), bias = ProductCase.Noise(random, columns, 1);
        foreach (GgmlType type in Types)
        {
            ProductCase before = ProductCase.Exact(type, columns, 32, count: 7);
            float[] normed = new float[before.Rows.Length];
            for (int row = 0; row < normed.Length; row += columns) RowNorm.Apply(before.Rows.AsSpan(row, columns), weight, bias, epsilon, normed.AsSpan(row, columns));

            ProductCase fused = before with { Norm = (weight, bias, epsilon) };

            Assert.Equal((before with { Rows = normed }).Compute(), fused.Compute(threads: 2));
        }
    }

    [ProductFact]
    public void Products_that_share_their_memory_are_right_one_after_the_other()
    {
        using ProductWork work = new(threads: 2);
        foreach ((GgmlType type, int columns, int outputs, int count) in new[] { (Types[0], 64, 48, 9), (Types[1], 4320, 16, 1), (Types[2], 32, 160, 70), (Types[0], 1152, 32, 5) })
        {
            ProductCase next = ProductCase.Exact(type, columns, outputs, count);
            Assert.Equal(next.Compute(), next.Compute(work, threads: 2));
            Assert.True(new ReadOnlySpan<byte>(&work.Pointer->Progress, sizeof(ProductWork.Progress)).IndexOfAnyExcept((byte)0) < 0);
            Assert.InRange(ProductWork.BytesFor(columns, count, threads: 2), 1, work.Bytes);
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachType))]
    public void A_product_of_the_librarys_becomes_one_of_these_in_place(GgmlType type)
    {
        using ProductWork work = new(threads: 2);
        ProductCase some = ProductCase.Exact(type, 96, 48, count: 5);
        float[] replaced = some.Compute(threads: 2, (context, weight, rows) =>
        {
            ggml_tensor* product = Ggml.ggml_mul_mat(context, (ggml_tensor*)weight, (ggml_tensor*)rows);
            MatrixProduct.Replace(product, reuse: false, work);
            Assert.Equal(GgmlOperations.Custom, product->op);
            return (nint)product;
        });
        Assert.Equal(some.Compute(), replaced);
    }

    [ProductFact]
    public void Rounding_the_rows_is_off_by_half_a_step_at_most()
    {
        Gen<float> value = Gen.Choose(-1_000_000, 1_000_000).Select(number => number * 1e-6f);
        Arbitrary<(int Type, int Blocks, int Count, int Exponent, float[] Values)> cases = (
            from type in Gen.Choose(0, Types.Length - 1)
            from blocks in Gen.Choose(1, 4)
            from count in Gen.Choose(1, 9)
            from exponent in Gen.Choose(-60, 60)
            from values in value.ArrayOf(32 * blocks * count)
            select (type, blocks, count, exponent, values)).ToArbitrary();
        Prop.ForAll(cases, drawn =>
        {
            int columns = 32 * drawn.Blocks;
            float[] rows = [.. drawn.Values.Select(number => MathF.ScaleB(number, drawn.Exponent))];
            ProductCase some = ProductCase.Exact(Types[drawn.Type], columns, 16, drawn.Count) with { Rows = rows };
            float[] weights = some.Dequantized();
            (double[] sums, double[] magnitudes) = some.Expected();
            float[] actual = some.Compute();
            for (int index = 0; index < actual.Length; index++)
            {
                (int row, int output) = Math.DivRem(index, 16);
                double bound = 1e-6 * magnitudes[index];
                for (int block = 0; block < columns; block += 32)
                {
                    double step = TensorPrimitives.MaxMagnitude<float>(rows.AsSpan((row * columns) + block, 32)) is var most ? Math.Abs((double)most) / 127 : 0;
                    bound += 0.50001 * step * TensorPrimitives.SumOfMagnitudes<float>(weights.AsSpan((output * columns) + block, 32));
                }

                if (!(Math.Abs(actual[index] - sums[index]) <= bound)) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Theory]
    [InlineData(GgmlType.Q8_0, 1152, 4320, true)]
    [InlineData(GgmlType.Q4_0, 32, 16, true)]
    [InlineData(GgmlType.IQ4_NL, 64, 48, true)]
    [InlineData(GgmlType.Q8_0, 1152, 8, false)]
    [InlineData(GgmlType.Q4_0, 48, 16, false)]
    [InlineData(GgmlType.F16, 1152, 1152, false)]
    [InlineData(GgmlType.Q4_K, 256, 256, false)]
    public void It_takes_whole_panels_of_whole_blocks(GgmlType type, long columns, long rows, bool taken) => Assert.Equal(taken, MatrixProduct.Takes(type, columns, rows));

    private static double Activation(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static void AssertClose(double[] expected, float[] actual) => AssertClose(expected, [.. expected.Select(value => 1 + Math.Abs(value))], actual);

    private static void AssertClose(double[] expected, double[] magnitudes, float[] actual)
    {
        for (int index = 0; index < actual.Length; index++)
        {
            if (!(Math.Abs(expected[index] - actual[index]) <= 2e-6 * magnitudes[index])) Assert.Fail($"{index}: {actual[index]} instead of {expected[index]}");
        }
    }
}
