using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class NativeFoldersTests
{
    [Fact]
    public void The_platform_is_named_as_NET_names_it_without_a_distribution()
    {
        Assert.Matches("^(linux|win|osx)-(x64|arm64)$", NativeFolders.RuntimeIdentifier);
        Assert.EndsWith(RuntimeInformation.ProcessArchitecture.ToString(), NativeFolders.RuntimeIdentifier, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_applications_own_folders_are_searched_each_once()
    {
        IReadOnlyList<string> folders = NativeFolders.SearchOrder();
        string application = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        Assert.Contains(application, folders);
        Assert.Contains(Path.Combine(application, "runtimes", NativeFolders.RuntimeIdentifier, "native"), folders);
        Assert.Equal(folders.Distinct(), folders);
        Assert.All(folders, folder => Assert.True(Path.IsPathFullyQualified(folder)));
    }

    [Fact]
    public void The_libraries_in_use_were_found_in_one_of_them()
    {
        LoadedLibraries libraries = NativeLibraries.Load();
        Assert.Contains(libraries.Folder, NativeFolders.SearchOrder());
        Assert.Equal(libraries.Folder, Path.GetDirectoryName(libraries.LlamaPath));
        Assert.Same(libraries, NativeLibraries.Load());
    }

    [Fact]
    public void A_library_that_is_nowhere_is_one_line_that_says_where_was_looked()
    {
        NativeLibraryException missing = Assert.Throws<NativeLibraryException>(() => NativeFolders.Find("libnothing", new Regex("^libnothing$")));
        Assert.Contains("libnothing was not found", missing.Message, StringComparison.Ordinal);
        Assert.All(NativeFolders.SearchOrder(), folder => Assert.Contains(folder, missing.Message, StringComparison.Ordinal));
        Assert.Contains(NativeFolders.EnvironmentVariable, missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', missing.Message);
    }

    [Theory]
    [InlineData("llama.cpp (llama)", "PaliGguf.Runtime")]
    [InlineData("libvips", "NetVips.Native.")]
    public void The_package_that_brings_it_is_named(string library, string package)
    {
        NativeLibraryException missing = Assert.Throws<NativeLibraryException>(() => NativeFolders.Find(library, new Regex("^libnothing$")));
        Assert.Contains($"'dotnet add package {package}", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_libraries_that_fit_are_listed()
    {
        NativeLibraryException several = Assert.Throws<NativeLibraryException>(() => NativeFolders.Find("assembly", new Regex(@"^PaliGguf(\.Tests)?\.dll$", RegexOptions.ExplicitCapture)));
        Assert.Contains("PaliGguf.dll", several.Message, StringComparison.Ordinal);
        Assert.Contains("PaliGguf.Tests.dll", several.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_one_that_fits_is_found() =>
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "PaliGguf.dll"), NativeFolders.Find("assembly", new Regex(@"^PaliGguf\.dll$")));
}
