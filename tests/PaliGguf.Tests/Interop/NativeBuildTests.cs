using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class NativeBuildTests
{
    [Theory]
    [InlineData("0.4.0", "0.24.0", "1a2b3c4")]
    [InlineData("0.5.0", "0.25.1", "0ad4a86")]
    [InlineData("0.5.3", null, null)]
    public void Releases_of_llama_cpp_tell_their_version(string llama, string? ggml, string? commit) =>
        Assert.Equal(new NativeBuild("node", llama, ParameterLayout.V05), NativeBuild.Identify(llama, ggml, commit));

    [Fact]
    public void LLamaSharps_build_is_told_by_the_commit_of_ggml() =>
        Assert.Equal(new NativeBuild("llamasharp", "b10221", ParameterLayout.B10221), NativeBuild.Identify(null, "0.18.0", "815a2a591"));

    [Theory]
    [InlineData("0.3.9", "0.18.0", "815a2a591")]
    [InlineData("0.6.0", "0.26.0", "0123456")]
    [InlineData("0.50.0", "0.25.1", "0ad4a86")]
    [InlineData(null, "0.18.0", "815a2a59")]
    [InlineData(null, "0.18.0", "unknown")]
    [InlineData(null, "0.18.1", "815a2a591")]
    [InlineData(null, null, null)]
    public void Others_are_not_taken(string? llama, string? ggml, string? commit) => Assert.Null(NativeBuild.Identify(llama, ggml, commit));

    [Fact]
    public void The_loaded_one_is_one_of_them()
    {
        NativeBuild build = NativeLibraries.Load().Build;
        Assert.Contains(build.Set, new[] { NativeBuild.Node, NativeBuild.LLamaSharp });
        Assert.Equal(build.Set == NativeBuild.LLamaSharp ? ParameterLayout.B10221 : ParameterLayout.V05, build.Layout);
    }

    [Fact]
    public void A_library_that_says_nothing_is_refused_in_one_line_that_names_both()
    {
        nint other = System.Runtime.InteropServices.NativeLibrary.GetMainProgramHandle();
        NativeLibraryException refused = Assert.Throws<NativeLibraryException>(() => NativeBuild.Of(other, other, "/some/libllama.so"));
        Assert.StartsWith("/some/libllama.so is llama.cpp of unknown version", refused.Message, StringComparison.Ordinal);
        Assert.Contains("node-llama-cpp", refused.Message, StringComparison.Ordinal);
        Assert.Contains("LLamaSharp.Backend.Cpu 0.30.0", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
