using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Imaging.Drawing.Lettering;
using SkiaSharp;

namespace PaliGguf.Imaging.Tests.Drawing.Lettering;

public class TextLineTests
{
    /// <summary>Lines that Pillow has drawn through Raqm: make_lines.py.</summary>
    [Theory]
    [InlineData("latin", "Größe fiets Qy")]
    [InlineData("thai", "เต่าสีน้ำเงินที่ซื้อ")]
    [InlineData("arabic", "كلبيجري")]
    [InlineData("hebrew", "שָׁלוֹם")]
    [InlineData("devanagari", "बिल्लीक्षत्रियहिन्दी")]
    [InlineData("bengali", "বিড়ালক্ষ")]
    [InlineData("tamil", "பூனைகொடு")]
    [InlineData("khmer", "ខ្មែរ")]
    [InlineData("chinese", "猫と犬고양이")]
    public void Letters_stand_where_another_text_stack_puts_them(string file, string text)
    {
        byte[] drawn = Draw(TextLine.Shape(text, 40));
        RgbImage expected =
            ImageFile.Load(
                Path.Combine(PaliGguf.Tests.Repository.Root,
                    "tests", "PaliGguf.Imaging.Tests", "Drawing", "Lettering", "Raqm", file + ".png"));

        (long ink, long difference) = (0, 0);
        for (int i = 0; i < drawn.Length; i++)
        {
            ink += Math.Max(drawn[i], expected.Pixels[3 * i]);
            difference += Math.Abs(drawn[i] - expected.Pixels[3 * i]);
        }

        Assert.InRange(difference / (double)ink, 0, 0.2);
    }

    [Fact]
    public void Marks_take_no_room_and_letters_of_one_word_join()
    {
        Assert.Equal(TextLine.Shape("ท", 40).Width, TextLine.Shape("ที่", 40).Width);
        Assert.NotEqual(TextLine.Shape("ك", 40).Width + TextLine.Shape("ل", 40).Width, TextLine.Shape("كل", 40).Width);
    }

    [Fact]
    public void A_character_that_no_font_has_is_a_box()
    {
        TextLine missing = TextLine.Shape("\U0001F9FF", 40);

        Assert.InRange(missing.Width, 10, 40);
        Assert.False(missing.Ink.IsEmpty);
    }

    [Fact]
    public void Any_label_can_be_cleaned_and_shaped()
    {
        Check.QuickThrowOnFailure(Prop.ForAll<string>(label =>
        {
            TextLine line = TextLine.Shape(LabelText.Clean(label ?? ""), 12);

            Assert.True(float.IsFinite(line.Width) && line.Width >= 0);
            Assert.DoesNotContain(line.Text, char.IsControl);
        }));
    }

    [Fact]
    public void Hostile_labels_are_tamed()
    {
        Assert.Equal("a b", LabelText.Clean(" a\nb\u202E\u2066 "));
        Assert.Equal("e\u0301\u0301\u0301\u0301x", LabelText.Clean("e" + new string('\u0301', 1000) + "x"));
        Assert.Equal("\uFFFD", LabelText.Clean("\ud800"));
        Assert.Equal(4096, LabelText.Clean(new string('x', 1 << 20)).Length);
    }

    private static byte[] Draw(TextLine line)
    {
        byte[] pixels = new byte[420 * 110];
        GCHandle pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        try
        {
            using SKSurface surface =
                SKSurface.Create(new SKImageInfo(420, 110, SKColorType.Gray8, SKAlphaType.Opaque), pinned.AddrOfPinnedObject(), 420);
            surface.Canvas.Translate(20, 70);
            using SKPaint paint = new() { IsAntialias = true, Color = SKColors.White };
            surface.Canvas.DrawPath(line.Outline, paint);
            surface.Flush();
        }
        finally
        {
            pinned.Free();
        }

        return pixels;
    }
}
