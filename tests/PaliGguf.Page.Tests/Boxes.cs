using PaliGguf.Tasks;

namespace PaliGguf.Page.Tests;

/// <summary>What is asserted of boxes.</summary>
internal static class Boxes
{
    /// <summary>A box is drawn where the library says, within a pixel of the picture.</summary>
    public static void AssertSame(PixelBox expected, double[] drawn)
    {
        float[] sides = [expected.XMin, expected.YMin, expected.XMax, expected.YMax];
        for (int side = 0; side < 4; side++) Assert.InRange(drawn[side], sides[side] - 1, sides[side] + 1);
    }
}
