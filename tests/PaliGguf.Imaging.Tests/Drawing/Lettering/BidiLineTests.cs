using PaliGguf.Imaging.Drawing.Lettering;

namespace PaliGguf.Imaging.Tests.Drawing.Lettering;

public class BidiLineTests
{
    /// <summary>The levels are GNU FriBidi's: make_lines.py prints them.</summary>
    [Theory]
    [InlineData("abc 12%", "0 0 0 0 0 0 0")]
    [InlineData("كلب (dog) 12%", "1 1 1 1 1 2 2 2 1 1 2 2 2")]
    [InlineData("כלב (12) abc", "1 1 1 1 1 2 2 1 1 2 2 2")]
    [InlineData("cat (כלב) 3.5", "0 0 0 0 0 1 1 1 0 0 2 2 2")]
    [InlineData("abc כלב 1,234.5-6 def", "0 0 0 0 1 1 1 1 2 2 2 2 2 2 2 2 2 0 0 0 0")]
    [InlineData("السعر $12.50 فقط", "1 1 1 1 1 1 1 2 2 2 2 2 1 1 1 1")]
    [InlineData("١٢٣ كلب 456", "2 2 2 1 1 1 1 1 2 2 2")]
    [InlineData("12 كلب", "2 2 1 1 1 1")]
    [InlineData("(כלב)", "1 1 1 1 1")]
    [InlineData("a [כ) b] c", "0 0 0 1 0 0 0 0 0 0")]
    [InlineData("שלום! abc?", "1 1 1 1 1 1 2 2 2 1")]
    [InlineData("كلب، قطة 50%", "1 1 1 1 1 1 1 1 1 2 2 1")]
    [InlineData("abc - كلب", "0 0 0 0 0 0 1 1 1")]
    [InlineData("x+1 = كلب+2", "0 0 0 0 0 0 1 1 1 1 2")]
    [InlineData("", "")]
    public void Levels_are_those_of_the_bidirectional_algorithm(string text, string levels) =>
        Assert.Equal(levels, string.Join(' ', BidiLine.Levels(text)));

    [Fact]
    public void Pieces_are_seen_from_left_to_right()
    {
        Assert.Equal([0, 1, 2], BidiLine.VisualOrder([0, 0, 0]));
        Assert.Equal([3, 2, 1, 0], BidiLine.VisualOrder([1, 2, 1, 1]));
        Assert.Equal([0, 3, 1, 2, 4], BidiLine.VisualOrder([0, 2, 2, 1, 0]));
        Assert.Empty(BidiLine.VisualOrder([]));
    }
}
