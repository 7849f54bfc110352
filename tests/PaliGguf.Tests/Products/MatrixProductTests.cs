using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed unsafe class MatrixProductTests
{
    private static readonly GgmlType[] Types = [.. WeightFormat.Types];

    /// <summary>The instruction sets that this machine has, all of which are tested.</summary>
    private static readonly string[] Sets =
        [.. ProductProcessor.Available.Where(set => set != InstructionSet.Library).Select(set => set.ToString())];

    public static TheoryData<string> EachSet() => [.. Sets];

    public static TheoryData<string, GgmlType> EachSetAndType()
    {
        TheoryData<string, GgmlType> all = [];
        foreach (string set in Sets)
        {
            foreach (GgmlType type in Types) all.Add(set, type);
        }

        return all;
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void Any_number_of_rows_times_what_ggml_reads_the_matrix_as_is_the_product(string set, GgmlType type)
    {
        // In one part and in several, with one panel and with some.
        foreach ((int columns, int outputs) in new[] { (256, 16), (49 * 256, 16), (1024, 208) })
        {
            ProductCase all = ProductCase.Exact(type, columns, outputs, count: 40);
            (double[] sums, double[] magnitudes) = all.Expected();
            float[] most = all.Compute(set);
            AssertClose(sums, magnitudes, most);
            foreach (int count in new[] { 1, 2, 3, 4, 7, 8, 9, 16, 17, 33 })
                Assert.Equal(most[..(count * outputs)], all.First(count).Compute(set));
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void Rows_may_be_as_short_as_a_block_or_end_within_one(string set, GgmlType type)
    {
        int block = (int)type.BlockSize;
        foreach (int columns in block == 1 ? [1, 7, 8, 31, 588] : block == 32 ? new[] { 32, 160 } : [256, 768])
        {
            ProductCase some = ProductCase.Exact(type, columns, 32, count: 19);
            (double[] sums, double[] magnitudes) = some.Expected();
            AssertClose(sums, magnitudes, some.Compute(set));
            Assert.Equal(some.Compute(set)[..32], some.First(1).Compute(set));
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void The_numbers_depend_neither_on_the_threads_nor_on_the_instructions(string set, GgmlType type)
    {
        foreach (int count in new[] { 1, 9, 61 })
        {
            ProductCase some = ProductCase.Exact(type, 1024, 176, count);
            float[] one = some.Compute(set);
            Assert.Equal(one, some.Compute(set, threads: 3));
            using ProductWork shared = new(3, Enum.Parse<InstructionSet>(set)) { SharedBy = 3 };
            Assert.Equal(one, some.Compute(shared));
            Assert.Equal(some.Compute(nameof(InstructionSet.Avx2)), one);
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void Weights_of_any_bits_are_right_even_where_all_are_at_an_end(string set, GgmlType type)
    {
        Random random = new(5);
        ProductCase some = ProductCase.Exact(type, 512, 32, count: 19);
        // Rows of the largest bytes of one sign: sums as large as they can be.
        ProductCase[] rows =
            [some, some with { Rows = [.. some.Rows.Select(_ => 127f)] }, some with { Rows = [.. some.Rows.Select(_ => -127f)] }];
        // 0x7F and 0x80 are the ends of signed bytes, 0x00 and 0xFF those of halves of bytes.
        Func<byte>[] fills = type.BlockSize == 1 ? [] : [() => 0x00, () => 0xFF, () => 0x7F, () => 0x80, () => (byte)random.Next(256)];
        foreach (ProductCase row in rows)
        {
            foreach (Func<byte> fill in fills)
            {
                ProductCase filled = row.Filled(fill).Scaled(block => (Half)(block % 2 == 0 ? 0.01f : -0.02f));
                (double[] sums, double[] magnitudes) = filled.Expected();
                AssertClose(sums, magnitudes, filled.Compute(set));
                AssertClose(sums, magnitudes, filled.First(1).Compute(set));
            }
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void Scales_are_taken_whatever_16_bit_float_they_are(string set, GgmlType type)
    {
        Half[] scales = [Half.Zero, Half.NegativeZero, Half.Epsilon, -Half.Epsilon, (Half)6.0e-5f, (Half)(-3.1e-5f), (Half)(-1), Half.MaxValue, Half.MinValue, (Half)0.333f];
        // One scale for all blocks, so that none hides behind a larger one.
        foreach (Half scale in scales)
        {
            ProductCase scaled = ProductCase.Exact(type, 512, 32, count: 9).Scaled(_ => scale);
            (double[] sums, double[] magnitudes) = scaled.Expected();
            AssertClose(sums, magnitudes, scaled.Compute(set));
            AssertClose(sums, magnitudes, scaled.First(1).Compute(set));
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void Rows_of_zeros_give_zeros(string set, GgmlType type)
    {
        ProductCase some = ProductCase.Exact(type, 256, 32, count: 20);
        some.Rows.AsSpan(2 * 256, 16 * 256).Clear();

        float[] actual = some.Compute(set);

        Assert.All(actual[(2 * 32)..(18 * 32)], value => Assert.Equal(0f, value));
        Assert.Contains(actual, value => value != 0);
    }

    [ProductTheory]
    [MemberData(nameof(EachSet))]
    public void What_follows_is_computed_from_the_sums(string set)
    {
        foreach (GgmlType type in Types)
        {
            foreach (int count in new[] { 1, 3, 21 })
            {
                Random random = new(count);
                ProductCase plain = ProductCase.Exact(type, 512, 48, count);
                float[] bias = ProductCase.Noise(random, 48, 2), residual = ProductCase.Noise(random, 48 * count, 10);
                double[] sums = [.. plain.Compute(set).Select((value, index) => (double)value + bias[index % 48])];

                AssertClose(sums, (plain with { Bias = bias }).Compute(set));
                AssertClose([.. sums.Select(Activation)], (plain with { Bias = bias, Activated = true }).Compute(set));
                AssertClose([.. sums.Zip(residual, (sum, added) => sum + added)],
                    (plain with { Bias = bias, Residual = residual }).Compute(set));
            }
        }
    }

    [ProductTheory]
    [InlineData(256, 1e-6f)]
    [InlineData(1280, 1e-6f)]
    [InlineData(1280, 0f)]
    [InlineData(8192, 1e-6f)]
    public void A_norm_before_is_as_if_the_rows_had_been_normalized(int columns, float epsilon)
    {
        Random random = new(columns);
        float[] weight = ProductCase.Noise(random, columns, 2), bias = ProductCase.Noise(random, columns, 1);
        foreach (string set in Sets)
        {
            foreach (GgmlType type in new[] { GgmlType.Q8_0, GgmlType.Q4_K, GgmlType.F16 })
            {
                ProductCase before = ProductCase.Exact(type, columns, 32, count: 7);
                float[] normed = new float[before.Rows.Length];
                for (int row = 0; row < normed.Length; row += columns)
                {
                    RowNorm.Apply(before.Rows.AsSpan(row, columns), weight, bias, epsilon, normed.AsSpan(row, columns));
                }

                ProductCase fused = before with { Norm = (weight, bias, epsilon) };

                Assert.Equal((before with { Rows = normed }).Compute(set), fused.Compute(set, threads: 2));
            }
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSet))]
    public void Products_that_share_their_memory_are_right_one_after_the_other(string set)
    {
        using ProductWork work = new(threads: 2, Enum.Parse<InstructionSet>(set));
        (GgmlType, int, int, int)[] cases = [(GgmlType.Q8_0, 64, 48, 9), (GgmlType.Q4_0, 4320, 16, 1),
            (GgmlType.F16, 588, 32, 70), (GgmlType.IQ4_NL, 32, 160, 70), (GgmlType.Q6_K, 512, 32, 33), (GgmlType.Q8_0, 1152, 32, 5)];
        foreach ((GgmlType type, int columns, int outputs, int count) in cases)
        {
            ProductCase next = ProductCase.Exact(type, columns, outputs, count);
            Assert.Equal(next.Compute(set), next.Compute(work, threads: 2));
            fixed (ProductWork.Progress* progress =
                &work.State)
            {
                Assert.True(new ReadOnlySpan<byte>(progress, sizeof(ProductWork.Progress)).IndexOfAnyExcept((byte)0) < 0);
            }

            Assert.InRange(ProductWork.BytesFor(WeightFormat.Of(type)!.Shape, columns, count, threads: 2), 1, work.Bytes);
        }
    }

    [ProductTheory]
    [MemberData(nameof(EachSetAndType))]
    public void A_product_of_the_librarys_becomes_one_of_these_in_place(string set, GgmlType type)
    {
        using ProductWork work = new(threads: 2, Enum.Parse<InstructionSet>(set));
        ProductCase some = ProductCase.Exact(type, 512, 48, count: 5);
        float[] replaced = some.Compute(threads: 2, (context, weight, rows) =>
        {
            ggml_tensor* product = Ggml.ggml_mul_mat(context, (ggml_tensor*)weight, (ggml_tensor*)rows);
            MatrixProduct.Replace(product, reuse: false, work);
            Assert.Equal(GgmlOperations.Custom, product->op);
            return (nint)product;
        });
        Assert.Equal(some.Compute(set), replaced);
    }

    [ProductTheory]
    [MemberData(nameof(EachSet))]
    public void Rounding_the_rows_is_off_by_half_a_step_at_most(string set)
    {
        Gen<float> value = Gen.Choose(-1_000_000, 1_000_000).Select(number => number * 1e-6f);
        Arbitrary<(int Type, int Blocks, int Count, int Exponent, float[] Values)> cases = (
            from type in Gen.Choose(0, Types.Length - 1)
            from blocks in Gen.Choose(1, 2)
            from count in Gen.Choose(1, 18)
            from exponent in Gen.Choose(-60, 60)
            from values in value.ArrayOf(256 * blocks * count)
            select (type, blocks, count, exponent, values)).ToArbitrary();
        Prop.ForAll(cases, drawn =>
        {
            int columns = 256 * drawn.Blocks;
            float[] rows = [.. drawn.Values.Select(number => MathF.ScaleB(number, drawn.Exponent))];
            ProductCase some = ProductCase.Exact(Types[drawn.Type], columns, 16, drawn.Count) with { Rows = rows };
            float[] weights = some.Dequantized();
            (double[] sums, double[] magnitudes) = some.Expected();
            float[] actual = some.Compute(set);
            for (int index = 0; index < actual.Length; index++)
            {
                (int row, int output) = Math.DivRem(index, 16);
                double bound = 3e-6 * magnitudes[index];
                for (int block = 0; block < columns; block += 32)
                {
                    double step = Math.Abs((double)TensorPrimitives.MaxMagnitude<float>(rows.AsSpan((row * columns) + block, 32))) / 127;
                    bound += 0.50001 * step * TensorPrimitives.SumOfMagnitudes<float>(weights.AsSpan((output * columns) + block, 32));
                }

                if (!(Math.Abs(actual[index] - sums[index]) <= bound)) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Theory]
    [InlineData(GgmlType.Q8_0, 1152, 4320, true)]
    [InlineData(GgmlType.Q4_0, 32, 16, true)]
    [InlineData(GgmlType.Q4_K, 256, 256, true)]
    [InlineData(GgmlType.F16, 588, 1152, true)]
    [InlineData(GgmlType.Q8_0, 1152, 8, false)]
    [InlineData(GgmlType.Q4_0, 48, 16, false)]
    [InlineData(GgmlType.Q6_K, 1152, 16, false)]
    [InlineData(GgmlType.IQ3_S, 256, 256, false)]
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
