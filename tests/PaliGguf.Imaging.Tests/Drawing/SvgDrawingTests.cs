using System.Xml.Linq;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Drawing;

public class SvgDrawingTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void The_picture_lies_inside_as_png()
    {
        RgbImage noise = Picture.Noise(40, 30);

        XElement svg = XDocument.Parse(new AnnotatedPicture(noise, []).ToSvg()).Root!;

        string address = svg.Element(Svg + "image")!.Attribute("href")!.Value;
        Assert.Equal("0 0 40 30", svg.Attribute("viewBox")!.Value);
        Picture.AssertSame(noise, ImageFile.Load(Convert.FromBase64String(address["data:image/png;base64,".Length..])));
    }

    [Theory]
    [InlineData("เต่า & <แมว> \"'")]
    [InlineData("猫😀")]
    [InlineData("a\u0001b\ud800c\uffff\n")]
    public void Labels_keep_their_true_text_and_can_not_break_the_file(string label)
    {
        Annotation annotation = new(label, new AnnotationBox(10, 50, 390, 190)) { Score = 0.5f };

        XDocument svg = XDocument.Parse(new AnnotatedPicture(Picture.Noise(400, 200), [annotation]).ToSvg("a&b\".png"));

        string readable = label.Replace('\n', ' ').Replace('\u0001', '\ufffd').Replace('\ud800', '\ufffd').Replace('\uffff', '\ufffd');
        Assert.All(svg.Descendants(Svg + "title"), title => Assert.Equal(readable, title.Value));
        Assert.Equal(readable.Replace("a\ufffd", "a ").Trim() + " 0.50", svg.Descendants(Svg + "text").Single().Value);
        Assert.Equal("a&b\".png", svg.Descendants(Svg + "image").Single().Attribute("href")!.Value);
    }

    [Fact]
    public void Shapes_are_paths_and_boxes_are_where_they_are_in_pixels()
    {
        Annotation annotation = new("x", new AnnotationBox(50, 60, 150, 140)) { Polygons = [[new(60, 70), new(140.5f, 70), new(100, 130.25f)]] };

        XDocument svg = XDocument.Parse(new AnnotatedPicture(Picture.Noise(448, 448), [annotation]).ToSvg("p.png"));

        XElement[] groups = [.. svg.Descendants(Svg + "g")];
        Assert.All(groups[0].Elements(Svg + "path"), path => Assert.Equal("M60 70L140.5 70L100 130.25L60 70Z", path.Attribute("d")!.Value));
        Assert.All(groups[1].Elements(Svg + "path"), path => Assert.StartsWith("M52.5 59.5L147.5 59.5C", path.Attribute("d")!.Value));
    }

    [Fact]
    public void Letters_are_outlines_so_that_no_font_is_needed()
    {
        XDocument svg =
            XDocument.Parse(
                new AnnotatedPicture(Picture.Noise(448, 448),
                    [new Annotation("เต่า", new AnnotationBox(50, 60, 150, 140))]).ToSvg("p.png"));

        XElement label = svg.Descendants(Svg + "g").Last();
        Assert.Equal("0", label.Element(Svg + "text")!.Attribute("fill-opacity")!.Value);
        Assert.InRange(label.Elements(Svg + "path").Last().Attribute("d")!.Value.Count(c => c == 'M'), 4, 12);
    }

    [Fact]
    public void Saving_goes_by_the_ending()
    {
        using TemporaryFolder folder = new();
        AnnotatedPicture picture = new(Picture.Noise(60, 50), [new Annotation("cat", new AnnotationBox(5, 20, 40, 40))]);

        picture.Save(folder.File("x.svg"));
        picture.Save(folder.File("x.png"));

        Assert.Equal(picture.ToSvg(), File.ReadAllText(folder.File("x.svg")));
        Picture.AssertSame(picture.Render(), ImageFile.Load(folder.File("x.png")));
        Assert.Throws<UnknownImageFormatException>(() => picture.Save(folder.File("x.txt")));
        Assert.Throws<ImageException>(() => picture.Save(folder.File(Path.Combine("missing", "x.svg"))));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }
}
