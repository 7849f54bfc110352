using PaliGguf.Hosting.Drawings;
using PaliGguf.Tasks;

namespace PaliGguf.Hosting.Tests.Drawings;

public sealed class InstanceDrawingTests
{
    private static readonly RgbImage Picture = RgbImage.FromRgb(new byte[3 * 64 * 64], 64, 64);

    [Theory]
    [InlineData(0.09f, null, false)]
    [InlineData(0.11f, null, true)]
    [InlineData(0.09f, 0f, true)]
    [InlineData(0.3f, 0.5f, false)]
    public void What_has_a_low_score_is_not_drawn_unless_it_is_wanted(float score, float? leastScore, bool drawn)
    {
        Detection cat = new() { Label = "cat", Score = score, Box = new(8, 8, 40, 40), NormalizedBox = new(0.1f, 0.1f, 0.6f, 0.6f), Tokens = .. };
        Assert.Equal(drawn, Draw([cat], leastScore) != Draw([], leastScore));
    }

    private static string Draw(Detection[] found, float? leastScore) => InstanceDrawing.Of(Picture, found, leastScore).ToSvg("picture.png");
}
