using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class SystemLibrariesTests
{
    [Theory]
    [InlineData("libgomp.so.1: cannot open shared object file: No such file or directory", "apt-get install libgomp1")]
    [InlineData("libstdc++.so.6: cannot open shared object file: No such file or directory", "apt-get install libstdc++6")]
    [InlineData("/lib/aarch64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app/libggml-base.so)",
        "newer Linux distribution")]
    [InlineData("/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libllama.so)",
        "newer Linux distribution")]
    [InlineData("libresolv.so.2: cannot open shared object file: No such file or directory", "package that has libresolv.so.2")]
    public void What_the_loader_misses_on_Linux_has_a_way_out(string reason, string remedy) =>
        Assert.Contains(remedy, SystemLibraries.LinuxRemedy(reason), StringComparison.Ordinal);

    [Theory]
    [InlineData("/app/libllama.so: file too short")]
    [InlineData("/app/libllama.so: cannot open shared object file: No such file or directory")]
    public void Of_other_reasons_nothing_is_claimed(string reason) => Assert.Null(SystemLibraries.LinuxRemedy(reason));

    [Fact]
    public void A_damaged_library_is_one_line_with_the_loaders_own_words()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "libllama.so");
        File.WriteAllText(path, "no library");
        NativeLibraryException failure = Assert.Throws<NativeLibraryException>(() => NativeFile.Open(path));
        Assert.StartsWith($"{path} is there, but it does not load: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Null(failure.Remedy);
    }
}
