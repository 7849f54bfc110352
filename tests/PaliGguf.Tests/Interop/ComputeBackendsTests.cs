using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class ComputeBackendsTests
{
    [Fact]
    public void The_generations_that_lie_there_are_candidates_the_best_first() => Assert.Equal(
        ["/a/libggml-cpu-zen4.so", "/a/libggml-cpu-haswell.so", "/a/libggml-cpu-x64.so"],
        ComputeBackends.Candidates(
        [
            "/a/libggml-base.so", "/a/libggml-cpu-x64.so", "/a/libggml.v0.5.0.so", "/a/libggml-cpu-haswell.so",
            "/a/libggml-cpu-zen4.so", "/a/libvips.so",
        ]));

    [Theory]
    [InlineData("libggml-cuda.so")]
    [InlineData("ggml-vulkan.dll")]
    [InlineData("libggml-cpu.so")]
    [InlineData("libggml-cpu-armv8.2_2.so")]
    [InlineData("libggml-cpu-zen9.so")]
    [InlineData("ggml-cpu-x64.dll")]
    public void Beside_another_backend_the_library_chooses(string other) =>
        Assert.Null(ComputeBackends.Candidates(["/a/libggml-cpu-x64.so", "/a/" + other]));

    [Fact]
    public unsafe void Of_two_that_suit_the_better_one_says_that_it_does_so_better()
    {
        IReadOnlyList<string> candidates = ComputeBackends.Candidates(Directory.EnumerateFiles(NativeLibraries.Load().Folder)) ?? [];
        int before = int.MaxValue;
        foreach (string file in candidates)
        {
            nint library = NativeLibrary.Load(file);
            int score = ((delegate* unmanaged<int>)NativeLibrary.GetExport(library, "ggml_backend_score"))();
            NativeLibrary.Free(library);
            if (score == 0) continue;
            Assert.InRange(score, 1, before - 1);
            before = score;
        }
    }
}
