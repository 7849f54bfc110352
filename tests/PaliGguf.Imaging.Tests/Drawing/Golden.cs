using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Drawing;

/// <summary>Pictures that people have looked at and found good.</summary>
internal static class Golden
{
    public static void AssertSame(string name, RgbImage actual)
    {
        string expected = Path.Combine(Repository.Root, "tests", "PaliGguf.Imaging.Tests", "Drawing", "Golden", name + ".png");
        if (File.Exists(expected) && ImageFile.Load(expected).Pixels.SequenceEqual(actual.Pixels)) return;
        string written = Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "drawn")).FullName, name + ".png");
        ImageFile.Save(actual, written);
        Assert.Fail($"{written} differs from {expected}; look at it, and if it is better, make it the golden one.");
    }
}
