using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

/// <summary>A process with one set of libraries, and with two.</summary>
public sealed class NativeSetTests
{
    private static readonly string Folder = NativeFolders.Resolve(AppContext.BaseDirectory);

    [Fact]
    public void Libraries_that_the_program_has_loaded_are_found_among_its_files()
    {
        Assert.Null(NativeLibraries.Among(["/lib/libc.so.6", "/app/libllama.so.gguf", "/app/libllamafile.so"], null));
        Assert.Equal("/app/avx2/libllama.so",
            NativeLibraries.Among(["/lib/libc.so.6", "/app/avx2/libggml.so", "/app/avx2/libllama.so"], null));
        Assert.Equal("/app/libllama.v0.5.0.so", NativeLibraries.Among(["/app/libllama.v0.5.0.so"], null));
    }

    [Fact]
    public void Those_of_the_chosen_folder_fit_it_and_others_do_not()
    {
        string loaded = Path.Combine(Folder, "avx2", "libllama.so");
        Assert.Equal(loaded, NativeLibraries.Among([loaded], Folder));
        NativeLibraryException refused =
            Assert.Throws<NativeLibraryException>(() => NativeLibraries.Among(["/elsewhere/libllama.so"], Folder));
        Assert.Contains("/elsewhere/libllama.so", refused.Message, StringComparison.Ordinal);
        Assert.Contains(NativeFolders.EnvironmentVariable, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/theirs/libllama.so")]
    [InlineData("/theirs/libggml-base.so")]
    [InlineData("/theirs/libggml.so")]
    [InlineData("/theirs/libggml.v0.5.0.so")]
    public void A_second_set_is_refused_in_one_line_that_names_both_and_the_way_out(string foreign)
    {
        NativeLibraryException refused =
            Assert.Throws<NativeLibraryException>(() => NativeLibraries.RefuseSecondSet(["/ours/libllama.so", foreign], "/ours"));
        Assert.Contains(foreign, refused.Message, StringComparison.Ordinal);
        Assert.Contains("/ours", refused.Message, StringComparison.Ordinal);
        Assert.Contains("PaliGgufNatives=llamasharp", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void One_set_and_libraries_of_others_are_not() =>
        NativeLibraries.RefuseSecondSet(
            ["/ours/libllama.so", "/ours/libggml-base.so", "/theirs/libggml-base-whisper.so", "/lib/libc.so.6", "/models/llama.gguf"],
            "/ours");

    [Fact]
    public void This_process_has_one()
    {
        LoadedLibraries own = NativeLibraries.Load();
        NativeLibraries.RefuseSecondSet();
        Assert.Contains(own.LlamaPath, own.Files);
        Assert.All(own.Files, file => Assert.Equal(own.Folder, Path.GetDirectoryName(file)));
    }
}
