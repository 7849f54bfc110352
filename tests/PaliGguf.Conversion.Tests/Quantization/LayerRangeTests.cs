using PaliGguf.Conversion.Quantization;

namespace PaliGguf.Conversion.Tests.Quantization;

public sealed class LayerRangeTests
{
    [Theory]
    [InlineData(nameof(LayerRange.All), 26, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25")]
    [InlineData(nameof(LayerRange.First), 26, "0 1 2")]
    [InlineData(nameof(LayerRange.Half), 26, "0 1 2 5 8 11 14 17 20 22 23 24 25")]
    [InlineData(nameof(LayerRange.Middle), 26, "3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21")]
    [InlineData(nameof(LayerRange.Half), 18, "0 1 4 7 10 13 15 16 17")]
    [InlineData(nameof(LayerRange.First), 4, "")]
    [InlineData(nameof(LayerRange.Half), 4, "2 3")]
    public void A_range_holds_these_layers(string range, int layers, string expected)
    {
        IEnumerable<int> held = Enumerable.Range(0, layers).Where(layer => Enum.Parse<LayerRange>(range).Contains(layer, layers));
        Assert.Equal(expected, string.Join(' ', held));
    }
}
