using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

public sealed class RunLengthMaskTests
{
    // What COCO's own tools (rleEncode and rleToString of the mask API) make of some masks.
    public static TheoryData<int, int, long[], string> Known() => new()
    {
        { 4, 3, [12], "<" },
        { 4, 3, [0, 12], "0<" },
        { 4, 3, [0, 1, 11], "01;" },
        { 4, 3, [11, 1], ";1" },
        { 5, 5, [.. Enumerable.Repeat(1L, 25)], "1110000000000000000000000" },
        {
            64, 48,
            [
                545, 7, 40, 9, 38, 11, 37, 11, 36, 13, 34, 15, 33, 15, 33, 15, 32, 17, 31, 17, 31, 17, 30, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19,
                29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 29, 19, 30, 17, 31, 17, 31, 17, 32, 15, 33, 15, 33, 15, 34, 13, 36, 11, 37, 11, 38, 9,
                40, 7, 696,
            ],
            "Qa07X12N2O0O2N2O000O2O000O2O00000000000000000000000000000001N10001N10001N2N101N2N`d0"
        },
        {
            30, 40,
            [38, 110, 20, 49, 24, 22, 39, 35, 27, 51, 22, 52, 22, 53, 45, 45, 7, 53, 43, 4, 50, 86, 31, 66, 163, 24, 19],
            @"V1^3d0SN4UO?=D`0K101g0HjN8T1_N7b2]O\OT4fN`K"
        },
    };

    private static Gen<MaskBitmap> Bitmaps =>
        from width in Gen.Choose(1, 20)
        from height in Gen.Choose(1, 20)
        from density in Gen.Choose(0, 10)
        from pixels in Gen.Choose(0, 9).ArrayOf(width * height)
        select MaskBitmap.FromPixels(width, height, [.. pixels.Select(pixel => pixel < density ? (byte)1 : (byte)0)]);

    [Theory]
    [MemberData(nameof(Known))]
    public void The_text_is_that_of_COCOs_own_tools(int width, int height, long[] runs, string counts)
    {
        Assert.Equal(counts, RunLengthMask.FromRuns(width, height, runs).ToCounts());
        RunLengthMask read = RunLengthMask.FromCounts(width, height, counts);
        Assert.Equal(runs, read.Runs.AsEnumerable());
        Assert.Equal(runs, read.ToBitmap().ToRunLengths().Runs.AsEnumerable());
    }

    [Fact]
    public void Runs_go_down_the_columns_and_begin_outside()
    {
        MaskBitmap bitmap = MaskBitmap.FromPixels(3, 2, [1, 0, 0, 1, 1, 0]);
        Assert.Equal([0, 2, 1, 1, 2], bitmap.ToRunLengths().Runs.AsEnumerable());
        Assert.Equal(3, bitmap.ToRunLengths().Area);
    }

    [Fact]
    public void Any_mask_survives_the_text() => Prop.ForAll(Bitmaps.ToArbitrary(), bitmap =>
    {
        RunLengthMask runs = bitmap.ToRunLengths();
        MaskBitmap again = RunLengthMask.FromCounts(bitmap.Width, bitmap.Height, runs.ToCounts()).ToBitmap();
        return again.Pixels.SequenceEqual(bitmap.Pixels) && runs.Area == bitmap.Area && runs.Runs.Skip(1).All(run => run > 0);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_a_mask_or_a_format_error() => Prop.ForAll(Gen.Choose('-', 'r').Select(code => (char)code).ListOf().Select(string.Concat).ToArbitrary(), counts =>
    {
        try
        {
            return RunLengthMask.FromCounts(7, 9, counts).Runs.Sum() == 63;
        }
        catch (FormatException)
        {
            return true;
        }
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData(";")]
    [InlineData("=")]
    [InlineData("<0001")]
    [InlineData("O")]
    [InlineData("<\n")]
    [InlineData("<P")]
    [InlineData("PPPPPPPPPPPPPPP0")]
    [InlineData("oooooooooooooo?")]
    public void Runs_that_make_no_picture_of_the_size_are_refused(string counts) => Assert.Throws<FormatException>(() => RunLengthMask.FromCounts(4, 3, counts));

    [Fact]
    public void A_mask_larger_than_memory_costs_only_its_runs()
    {
        const int Side = 1 << 28;
        RunLengthMask runs = RunLengthMask.FromRuns(Side, Side, [5, 7, ((long)Side * Side) - 12]);
        Assert.Equal(runs.Runs.AsEnumerable(), RunLengthMask.FromCounts(Side, Side, runs.ToCounts()).Runs);
        Assert.Throws<ArgumentException>(runs.ToBitmap);
    }
}
