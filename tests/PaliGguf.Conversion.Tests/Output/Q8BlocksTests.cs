using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Output;

namespace PaliGguf.Conversion.Tests.Output;

public sealed class Q8BlocksTests
{
    [Fact]
    public void The_largest_element_is_exact_and_the_others_are_within_half_a_step()
    {
        Prop.ForAll(Blocks().ToArbitrary(), values =>
        {
            byte[] stored = Quantize(values);
            for (int block = 0; block < values.Length / 32; block++)
            {
                float step = values.AsSpan(block * 32, 32).ToArray().Max(MathF.Abs) / 127;
                float scale = (float)BitConverter.ToHalf(stored, block * 34);
                Assert.Equal((float)(Half)step, scale);
                for (int i = 0; i < 32; i++)
                {
                    float steps = (sbyte)stored[(block * 34) + 2 + i];
                    Assert.InRange(MathF.Abs((steps * step) - values[(block * 32) + i]), 0, step * 0.5001f);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Every_byte_is_the_one_that_ggml_gives() =>
        Prop.ForAll(Blocks().ToArbitrary(), values => Assert.Equal(ByGgml(values), Quantize(values))).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Halves_are_rounded_away_from_zero()
    {
        // The largest element makes the step exactly one.
        float[] values = new float[32];
        values.AsSpan().Fill(127);
        float[] cases = [0.5f, -0.5f, 1.5f, -2.5f, 0.49999997f, -0.49999997f, 126.5f];
        cases.CopyTo(values, 0);
        Assert.Equal([1, -1, 2, -3, 0, 0, 127], Quantize(values).Skip(2).Take(cases.Length).Select(value => (int)(sbyte)value));
    }

    [Fact]
    public void Blocks_of_zeros_and_of_almost_nothing_are_harmless()
    {
        Assert.Equal(new byte[34], Quantize(new float[32]));
        float[] tiny = Enumerable.Repeat(1e-42f, 32).ToArray();
        Assert.Equal(ByGgml(tiny), Quantize(tiny));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Q8Blocks.Quantize(new float[33], new byte[34]));
        Assert.Throws<ArgumentException>(() => Q8Blocks.Quantize(new float[32], new byte[33]));
    }

    // Magnitudes from far below a weight's to far above, whole blocks of one and elements of many.
    private static Gen<float[]> Blocks() =>
        from exponent in Gen.Choose(-40, 20)
        from spread in Gen.Choose(0, 20)
        from values in Gen.Choose(-1_000_000, 1_000_000).ArrayOf(96)
        from shifts in Gen.Choose(-spread, 0).ArrayOf(96)
        select values.Zip(shifts, (value, shift) => MathF.ScaleB(value / 1_000_000f, exponent + shift)).ToArray();

    private static byte[] ByGgml(float[] values)
    {
        byte[] stored = new byte[values.Length / 32 * 34];
        Q8Blocks.QuantizeByGgml(values, stored);
        return stored;
    }

    private static byte[] Quantize(float[] values)
    {
        byte[] stored = new byte[values.Length / 32 * 34];
        Q8Blocks.Quantize(values, stored);
        return stored;
    }
}
