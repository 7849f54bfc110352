using PaliGguf.Hosting.Requests;
using PaliGguf.Imaging;

namespace PaliGguf.Hosting.Tests.Requests;

public sealed class PicturePathTests
{
    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("a folder/photo#1?.jpg", "a folder/photo#1?.jpg")]
    [InlineData("-", "-")]
    [InlineData("", "")]
    [InlineData("photo: a://b", "photo: a://b")]
    public void A_path_stays_as_it_is(string path, string expected) => Assert.Equal(expected, PicturePath.Of(path));

    [Theory]
    [InlineData("file:///pictures/photo.jpg", "/pictures/photo.jpg")]
    [InlineData("FILE:///pictures/a%20photo%231.jpg", "/pictures/a photo#1.jpg")]
    [InlineData("file://localhost/pictures/photo.jpg", "/pictures/photo.jpg")]
    [InlineData("file:/pictures/photo.jpg", "/pictures/photo.jpg")]
    [InlineData("file:///pictures/%E0%B8%A0%E0%B8%B2%E0%B8%9E.jpg", "/pictures/ภาพ.jpg")]
    public void A_file_URI_is_a_path(string uri, string path)
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(path, PicturePath.Of(uri));
    }

    [Theory]
    [InlineData("https://example.com/photo.jpg", "addresses are not fetched: download the file, and name it")]
    [InlineData("HTTP://example.com/photo.jpg", "addresses are not fetched")]
    [InlineData("s3://bucket/photo.jpg", "addresses are not fetched")]
    [InlineData("file://server/share/photo.jpg", "on another computer, server")]
    [InlineData("file:photo.jpg", "no valid file URI")]
    public void What_is_elsewhere_is_refused_in_words(string address, string expected)
    {
        ImageException failure = Assert.Throws<ImageException>(() => PicturePath.Of(address));
        Assert.Equal(address, failure.Name);
        Assert.Contains(expected, failure.Problem);
    }
}
