using BenchmarkDotNet.Attributes;
using PaliGguf.Gguf;

namespace PaliGguf.Benchmarks.Gguf;

/// <summary>Opening and wholly checking a file with a vocabulary of 257,216 pieces.</summary>
public class GgufFileBenchmarks
{
    private LargeVocabulary? _vocabulary;

    [GlobalSetup]
    public void Write() => _vocabulary = new LargeVocabulary(GgmlType.Q8_0);

    [Benchmark]
    public long Open()
    {
        using GgufFile file = GgufFile.Open(_vocabulary!.Path);
        return file.Length;
    }

    [Benchmark]
    public int OpenAndReadPieces()
    {
        using GgufFile file = GgufFile.Open(_vocabulary!.Path);
        return file.Metadata.GetStringArray("tokenizer.ggml.tokens").Count;
    }

    [GlobalCleanup]
    public void Remove() => _vocabulary?.Dispose();
}
