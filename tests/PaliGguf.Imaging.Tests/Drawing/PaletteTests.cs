using PaliGguf.Imaging.Drawing;

namespace PaliGguf.Imaging.Tests.Drawing;

public class PaletteTests
{
    [Fact]
    public void As_many_labels_as_there_are_colours_all_differ()
    {
        string[] labels = Enumerable.Range(0, Palette.Count).Select(i => $"label {i}").ToArray();

        Assert.Equal(Palette.Count, Palette.Assign(labels).Values.Distinct().Count());
    }

    [Fact]
    public void A_label_has_one_colour_in_a_picture_and_as_a_rule_in_all()
    {
        Dictionary<string, Colour> one = Palette.Assign(["cat", "dog", "cat"]), other = Palette.Assign(["cat"]);

        Assert.Equal(["cat", "dog"], one.Keys);
        Assert.Equal(other["cat"], one["cat"]);
    }

    [Fact]
    public void More_labels_than_colours_are_fine() =>
        Assert.Equal(1000, Palette.Assign(Enumerable.Range(0, 1000).Select(i => $"{i}")).Count);

    [Fact]
    public void Text_is_readable_on_every_colour() =>
        Assert.All(Palette.Assign(Enumerable.Range(0, Palette.Count).Select(i => $"{i}")).Values, c => Assert.InRange(Colour.Contrast(c, c.Contrasting), 4.5, 21));
}
