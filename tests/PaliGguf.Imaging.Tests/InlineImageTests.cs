using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PaliGguf.Imaging.Tests;

public sealed class InlineImageTests
{
    // The digits of the two alphabets that differ, and padding of one and of two.
    private static readonly byte[] File = [0x89, 0xFB, 0xEF, 0xBE, 0xFF, 0xFF, 0xFF, 0x00];

    [Theory]
    [InlineData("ifvvvv///wA=")]
    [InlineData("ifvvvv///wA")]
    [InlineData("ifvvvv___wA=")]
    [InlineData("ifvvvv___wA")]
    [InlineData(" ifvv\tvv//\r\n/wA=\n")]
    [InlineData("ifvvvv///wA =")]
    [InlineData("data:image/png;base64,ifvvvv///wA=")]
    [InlineData("DATA:image/png;BASE64,ifvvvv///wA=")]
    [InlineData("Data:IMAGE/PNG;Base64,ifvvvv///wA")]
    [InlineData("  data:image/png;base64,ifvvvv///wA=\n")]
    [InlineData("data:image/png; base64 ,ifvvvv///wA=")]
    [InlineData("data:image/png;name=a.png;charset=utf-8;base64,ifvvvv///wA=")]
    [InlineData("data:image/png;base64;name=a.png,ifvvvv///wA=")]
    [InlineData("data:;base64,ifvvvv///wA=")]
    [InlineData("data:application/octet-stream;base64,ifvvvv___wA")]
    [InlineData("data:image/png;base64,ifvvvv%2F%2f%2FwA%3D")]
    [InlineData("data:image/png;base64,ifvvvv%2F//%20wA%3d%0A")]
    [InlineData("data:image/png;base64, ifvv vv// /wA=")]
    [InlineData("data:image/png;base64,ifvvvv///wA=#fragment")]
    [InlineData("data:image/png,%89%FB%EF%BE%FF%ff%FF%00")]
    [InlineData("data:,%89%FB%EF%BE%FF%ff%FF%00")]
    public void A_picture_is_read_in_every_form(string text)
    {
        Assert.Equal(File, InlineImage.Decode(text));
        Assert.Equal(File, InlineImage.Decode(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n", "is empty")]
    [InlineData("====", "character 1")]
    [InlineData("=", "holds no picture")]
    [InlineData("data:image/png;base64,", "holds no picture")]
    [InlineData("data:image/png;base64,==", "holds no picture")]
    [InlineData("not base64!", "character 11 is none")]
    [InlineData("AAAAA", "cut off after 5")]
    [InlineData("AAAA=A", "character 5")]
    [InlineData("AAA===", "character 4")]
    [InlineData("ÄÖÜ", "character 1")]
    [InlineData("data:image/png;base64,AAA%", "character 4")]
    [InlineData("data:image/png;base64", "without a comma")]
    [InlineData("data:image/png,abc", "without ';base64'")]
    [InlineData("data:image/png,iVBORw0KGgo=", "without ';base64'")]
    [InlineData("data:image/png,", "without ';base64'")]
    [InlineData("https://example.org/cat.png", "an address (https:)")]
    [InlineData("file:///pictures/cat.png", "an address (file:)")]
    [InlineData("blob:abc", "an address (blob:)")]
    public void What_is_none_is_refused_with_the_reason(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => InlineImage.Decode(text)).Message);
        Assert.Contains(reason, Assert.Throws<FormatException>(() => InlineImage.Decode(Encoding.UTF8.GetBytes(text))).Message);
    }

    [Fact]
    public void Whatever_is_encoded_comes_back() => Prop.ForAll(Encodings().ToArbitrary(), drawn =>
    {
        string text = Convert.ToBase64String(drawn.Bytes);
        if (drawn.ForUrls) text = text.Replace('+', '-').Replace('/', '_');
        if (!drawn.Padded) text = text.TrimEnd('=');
        text = string.Join("\r\n", text.Chunk(drawn.Width).Select(line => new string(line)));
        return InlineImage.Decode(text).SequenceEqual(drawn.Bytes)
            && InlineImage.Decode($"data:x;base64,{Uri.EscapeDataString(text)}").SequenceEqual(drawn.Bytes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Whatever_comes_is_a_picture_or_a_FormatException() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        foreach (string candidate in new[] { text, "data:" + text, "data:;base64," + text })
        {
            Exception? failure = Record.Exception(() => InlineImage.Decode(candidate ?? ""));
            Assert.True(failure is null or FormatException, failure?.ToString());
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Theory]
    [InlineData("data:,", true)]
    [InlineData(" DATA:image/png", true)]
    [InlineData("database.png", false)]
    [InlineData("", false)]
    public void A_data_URL_is_told_by_its_scheme(string text, bool expected) => Assert.Equal(expected, InlineImage.IsDataUrl(text));

    private static Gen<(byte[] Bytes, bool ForUrls, bool Padded, int Width)> Encodings() =>
        from bytes in ArbMap.Default.GeneratorFor<byte[]>()
        where bytes.Length > 0
        from forUrls in ArbMap.Default.GeneratorFor<bool>()
        from padded in ArbMap.Default.GeneratorFor<bool>()
        from width in Gen.Choose(1, 80)
        select (bytes, forUrls, padded, width);
}
