using PaliGguf.Imaging.Interop;
using PaliGguf.Tests;

namespace PaliGguf.Imaging.Tests.Interop;

public class VipsLibraryTests
{
    [Fact]
    public void The_library_in_use_can_be_named()
    {
        Assert.Equal(8, ImageLibrary.Version.Major);
        Assert.InRange(ImageLibrary.Version.Minor, 15, 99);
        Assert.True(Path.IsPathFullyQualified(ImageLibrary.Path) && File.Exists(ImageLibrary.Path));
    }

    [Theory]
    [InlineData("8.15.0", true)]
    [InlineData("8.18.7", true)]
    [InlineData("8.14.5", false)]
    [InlineData("7.42.3", false)]
    [InlineData("9.0.0", false)]
    public void Other_versions_are_refused_by_name(string version, bool fits)
    {
        Exception? e = Record.Exception(() => VipsLibrary.CheckVersion(Version.Parse(version), "/somewhere/libvips"));

        if (fits) Assert.Null(e);
        else Assert.Equal($"/somewhere/libvips is libvips {version}, but PaliGguf needs libvips 8.15 or a newer 8.x.", Assert.IsType<NativeLibraryException>(e).Message);
    }

    [Fact]
    public void A_file_that_is_no_library_is_one_plain_line()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("libvips-cpp.so.8.18.7", "not a library"u8);

        NativeLibraryException e = Assert.Throws<NativeLibraryException>(() => VipsLibrary.Open(path));

        Assert.StartsWith($"The native library {path} does not load (", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_library_that_is_not_libvips_is_told()
    {
        string other = Directory.GetFiles(Path.GetDirectoryName(ImageLibrary.Path)!).First(file => Path.GetFileName(file).Contains("ggml-base"));

        Assert.Equal($"{other} is not a libvips library.", Assert.Throws<NativeLibraryException>(() => VipsLibrary.Open(other)).Message);
    }

    [Theory]
    [InlineData("svgload_buffer", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>")]
    [InlineData("svgload", "/dev/null")]
    [InlineData("csvload", "/dev/null")]
    [InlineData("vipsload", "/dev/null")]
    [InlineData("rawload", "/dev/null")]
    public unsafe void Loaders_that_are_not_needed_are_out_of_reach(string loader, string content)
    {
        using VipsOperation operation = new(loader);
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
        fixed (byte* data = bytes)
        {
            if (loader == "svgload_buffer") operation.Set("buffer", data, (nuint)bytes.Length);
            else operation.Set("filename", content);

            Assert.Contains("blocked", Assert.Throws<VipsException>(operation.Run).Message);
        }
    }

    [Fact]
    public void An_operation_that_does_not_exist_is_an_error() => Assert.Throws<VipsException>(() => new VipsOperation("no_such_operation"));

    [Fact]
    public void Several_lines_become_one()
    {
        Assert.Equal("a: b; c d", VipsException.Condense("source: bad seek to 9\na: b\na: b\n  c\td\ne\n"));
        Assert.Equal("libvips gives no reason", VipsException.Condense(" \n"));
        Assert.Equal(203, VipsException.Condense(new string('x', 1000)).Length);
    }
}
