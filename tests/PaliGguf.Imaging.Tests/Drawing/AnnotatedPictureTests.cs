using System.Numerics;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Vision;

namespace PaliGguf.Imaging.Tests.Drawing;

public class AnnotatedPictureTests
{
    [Theory]
    [InlineData("scene_04", true)]
    [InlineData("scene_07", true)]
    [InlineData("scene_09", false)]
    public void Sample_scenes(string name, bool masks)
    {
        Scene scene = Scene.Load(name, masks);

        Golden.AssertSame(name, new AnnotatedPicture(scene.Picture, scene.Annotations).Render());
    }

    [Theory]
    [InlineData(96, 96)]
    [InlineData(224, 160)]
    [InlineData(1600, 1000)]
    public void Any_resolution(int width, int height)
    {
        Scene scene = Scene.Load("scene_04", masks: false);
        (float x, float y) = (width / (float)scene.Picture.Width, height / (float)scene.Picture.Height);
        IEnumerable<Annotation> scaled = scene.Annotations.Select(
            a => new Annotation(a.Label, new AnnotationBox(a.Box.XMin * x, a.Box.YMin * y, a.Box.XMax * x, a.Box.YMax * y)) { Score = a.Score });

        RgbImage picture = width > 448 ? Fill(width, height, (_, _) => (90, 120, 60)) : Resampling.Resize(scene.Picture, width, height);

        Golden.AssertSame($"resolution_{width}x{height}", new AnnotatedPicture(picture, scaled).Render());
    }

    [Fact]
    public void Any_background_and_every_colour()
    {
        RgbImage stripes = Fill(640, 400, (x, _) => (x / 107) switch
        {
            0 => (255, 255, 255),
            1 => (0, 0, 0),
            2 => (128, 128, 128),
            3 => (240, 73, 28),
            4 => (184, 238, 44),
            _ => (127, 153, 239),
        });
        IEnumerable<Annotation> boxes = Enumerable.Range(0, 20).Select(i => new Annotation(
            $"label {i}", new AnnotationBox(20 + (i % 4 * 155), 30 + (i / 4 * 74), 140 + (i % 4 * 155), 78 + (i / 4 * 74))));

        Golden.AssertSame("backgrounds", new AnnotatedPicture(stripes, boxes).Render());
    }

    [Fact]
    public void Crowded_labels_keep_apart_and_inside()
    {
        RgbImage grey = Fill(448, 300, (_, _) => (200, 205, 210));
        Annotation[] annotations =
        [
            new("top left corner", new AnnotationBox(0, 0, 120, 80)) { Score = 0.91f },
            new("bottom right corner", new AnnotationBox(400, 250, 448, 300)) { Score = 0.5f },
            new("cat", new AnnotationBox(180, 100, 280, 200)) { Score = 0.99f },
            new("cat", new AnnotationBox(182, 102, 282, 202)) { Score = 0.61f },
            new("dog", new AnnotationBox(184, 104, 284, 204)) { Score = 0.42f },
            new("bird", new AnnotationBox(186, 106, 286, 206)) { Score = 0.31f },
            new("a label that is far too long for the width of the whole picture, so that it has to be cut", new AnnotationBox(20, 230, 60, 240)) { Score = 1 },
            new("point", new AnnotationBox(330, 60, 330, 60)),
            new("outside", new AnnotationBox(900, -50, 950, -20)),
        ];

        Golden.AssertSame("crowded", new AnnotatedPicture(grey, annotations).Render());
    }

    [Fact]
    public void Letters_of_all_sizes()
    {
        RgbImage white = Fill(900, 580, (_, _) => (255, 255, 255));
        string[] lines =
        [
            "The quick brown fox jumps over the lazy dog 0123456789",
            "SPHINX OF BLACK QUARTZ, JUDGE MY VOW! (a+b)*c=d; [x] {y}",
            "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿",
            "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ “”‘’–—…€",
        ];
        AnnotationStyle style = new() { ShowBoxes = false };
        RgbImage picture = white;
        (int top, int[] heights) = (20, [7, 9, 10, 12, 14]);
        foreach (int height in heights)
        {
            foreach (string line in lines)
            {
                Annotation annotation = new(line, new AnnotationBox(4, top, 5, top + 1));
                picture = new AnnotatedPicture(picture, [annotation], style with { LetterHeight = height }).Render();
                top += (2 * height) + 8;
            }
        }

        Golden.AssertSame("letters", picture);
    }

    [Fact]
    public void Large_letters()
    {
        RgbImage white = Fill(900, 330, (_, _) => (250, 250, 250));
        AnnotationStyle style = new() { LetterHeight = 24 };
        Annotation[] annotations =
        [
            new("Hamburgefonstiv 0.123456789", new AnnotationBox(10, 60, 890, 90)),
            new("Größe äöüß @ & % § Qgjpqy {}", new AnnotationBox(10, 160, 890, 190)),
            new("เต่า 猫 😀", new AnnotationBox(10, 260, 890, 290)) { Score = 0.5f },
        ];

        Golden.AssertSame("large_letters", new AnnotatedPicture(white, annotations, style).Render());
    }

    /// <summary>The languages that the models were trained on, then marks that pile up and characters that no font here has.</summary>
    [Fact]
    public void Labels_of_every_script()
    {
        string[] labels =
        [
            "turtle Größe Qgjpq", "เต่าสีน้ำเงินที่ซื้อ", "ผู้หญิงกำลังอุ้มแมว",
            "كلب يجري 3.5 كم", "كلب (dog) 12%", "חתול שָׁלוֹם (cat)", "बिल्ली क्षत्रिय हिन्दी", "বাংলা বিড়াল ক্ষ",
            "తెలుగు పిల్లి", "தமிழ் பூனை", "猫と犬 漢字かな",
            "고양이 강아지", "кошка Ελληνικά", "Tiếng Việt: con mèo", "ქართული հայերեն", "አማርኛ ລາວ ខ្មែរ", "မြန်မာ සිංහල",
            "😀 emoji", "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309", "e\u0301 n\u0303 \u202Eabc\u202C",
        ];
        IEnumerable<Annotation> annotations = labels.Select(
            (label, i) =>
                new Annotation(label,
                    new AnnotationBox(20 + (i % 3 * 300), 34 + (i / 3 * 78), 240 + (i % 3 * 300), 80 + (i / 3 * 78))) { Score = 0.87f });

        Golden.AssertSame("scripts", new AnnotatedPicture(Fill(900, 560, (_, _) => (225, 225, 225)), annotations).Render());
    }

    [Fact]
    public void Polygons_with_holes_and_masks_of_a_part()
    {
        RgbImage grey = Fill(300, 200, (_, _) => (120, 120, 130));
        Vector2[] outer = [new(20.5f, 30), new(130, 40.25f), new(110, 150), new(30, 140)], hole = [new(60, 70), new(60, 110), new(95, 110), new(95, 70)];
        bool[] disc = Enumerable.Range(0, 80 * 60).Select(i => Math.Pow(((i % 80) - 39.5) / 38, 2) + Math.Pow(((i / 80) - 29.5) / 28, 2) < 1).ToArray();
        Annotation[] annotations =
        [
            new("ring", new AnnotationBox(20, 30, 130, 150)) { Polygons = [outer, hole] },
            new("disc", new AnnotationBox(180, 60, 260, 120)) { Mask = new AnnotationMask(disc, 80, 60, left: 180, top: 60), Score = 0.75f },
        ];

        Golden.AssertSame("shapes", new AnnotatedPicture(grey, annotations).Render());
        Golden.AssertSame("shapes_twice", new AnnotatedPicture(grey, annotations, new AnnotationStyle { Enlargement = 2 }).Render());
    }

    [Fact]
    public void Nothing_found_leaves_the_picture_as_it_is()
    {
        RgbImage noise = Picture.Noise(40, 30);

        Picture.AssertSame(noise, new AnnotatedPicture(noise, []).Render());
        Picture.AssertSame(noise, new AnnotatedPicture(noise, [new Annotation("outside", new AnnotationBox(-90, -90, -50, -50))]).Render());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 3)]
    [InlineData(17, 13)]
    public void Tiny_and_thin_pictures_keep_their_size(int width, int height)
    {
        AnnotationBox huge = new(-1e30f, -1e30f, 1e30f, 1e30f);
        Annotation annotation = new("a long label", huge) { Score = float.NaN, Polygons = [[new(-1e6f, -1e6f), new(1e6f, 0), new(0, 1e6f)], []] };

        RgbImage drawn = new AnnotatedPicture(Picture.Noise(width, height), [annotation, new Annotation("", new AnnotationBox(0, 0, 0, 0))]).Render();

        Assert.Equal((width, height), (drawn.Width, drawn.Height));
    }

    [Fact]
    public void Wrong_numbers_are_refused()
    {
        RgbImage noise = Picture.Noise(4, 4);

        Assert.Throws<ArgumentException>(() => new AnnotationBox(2, 0, 1, 1));
        Assert.Throws<ArgumentException>(() => new AnnotationBox(0, float.NaN, 1, 1));
        Assert.Throws<ArgumentException>(() => new AnnotationMask(new bool[3], 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnotatedPicture(noise, [], new AnnotationStyle { Enlargement = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnnotatedPicture(noise, [], new AnnotationStyle { MaskOpacity = float.NaN }));
        Annotation broken = new("x", new AnnotationBox(0, 0, 1, 1)) { Polygons = [[new(0, 0), new(1, 0), new(0, float.NaN)]] };
        Assert.Throws<ArgumentException>(() => new AnnotatedPicture(noise, [broken]));
    }

    private static RgbImage Fill(int width, int height, Func<int, int, (int Red, int Green, int Blue)> colour)
    {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++)
        {
            (int red, int green, int blue) = colour(i % width, i / width);
            (pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]) = ((byte)red, (byte)green, (byte)blue);
        }

        return RgbImage.FromRgb(pixels, width, height);
    }
}
