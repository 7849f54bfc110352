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

        Assert.StartsWith($"{path} is there, but it does not load: ", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_library_that_is_not_libvips_is_told()
    {
        string other =
            Directory.GetFiles(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "*System.Native.*").Single();

        Assert.Equal($"{other} is not a libvips library.", Assert.Throws<NativeLibraryException>(() => VipsLibrary.Open(other)).Message);
    }

    [Theory]
    [InlineData("libvips-42.dll")]
    [InlineData("libvips-cpp.so.8.18.7")]
    [InlineData("libvips.so.42")]
    [InlineData("libvips-cpp.8.18.7.dylib")]
    [InlineData("libvips.42.dylib")]
    public void The_files_of_all_packages_are_found(string name) => Assert.Matches(VipsLibrary.FileName(), name);

    [Theory]
    [InlineData("libvips-cpp-8.18.7.dll")]
    [InlineData("libvips-cpp.so.8.18.7.txt")]
    [InlineData("mylibvips.so.42")]
    public void Other_files_are_not(string name) => Assert.DoesNotMatch(VipsLibrary.FileName(), name);
}
