using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Drawing;

/// <summary>Pictures that people have looked at and found good. Processors and systems may round edges otherwise, by a little.</summary>
internal static class Golden
{
    public static void AssertSame(string name, RgbImage actual)
    {
        string expected = Path.Combine(Repository.Root, "tests", "PaliGguf.Imaging.Tests", "Drawing", "Golden", name + ".png");
        if (File.Exists(expected) && IsSame(ImageFile.Load(expected), actual)) return;
        string written = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "drawn")).FullName, name + ".png");
        ImageFile.Save(actual, written);
        Assert.Fail($"{written} differs from {expected}; look at it, and if it is better, make it the golden one.");
    }

    private static bool IsSame(RgbImage expected, RgbImage actual)
    {
        if ((expected.Width, expected.Height) != (actual.Width, actual.Height)) return false;
        (int worst, long sum) = (0, 0);
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            int difference = Math.Abs(expected.Pixels[i] - actual.Pixels[i]);
            (worst, sum) = (Math.Max(worst, difference), sum + difference);
        }

        return worst <= 24 && sum <= expected.Pixels.Length / 20;
    }
}
