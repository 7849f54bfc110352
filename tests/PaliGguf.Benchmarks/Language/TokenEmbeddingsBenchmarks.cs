using BenchmarkDotNet.Attributes;
using PaliGguf.Benchmarks.Gguf;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>The rows of a prompt of 16 tokens, at PaliGemma 2 3B's width.</summary>
public class TokenEmbeddingsBenchmarks
{
    private readonly int[] _tokens = Enumerable.Range(0, 16).Select(index => index * 251).ToArray();
    private readonly float[] _rows = new float[16 * LargeVocabulary.EmbeddingLength];
    private LargeVocabulary? _vocabulary;
    private GgufFile? _file;
    private TokenEmbeddings? _embeddings;

    [Params(GgmlType.F16, GgmlType.Q8_0, GgmlType.Q4_0, GgmlType.Q6_K)]
    public GgmlType Type { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _vocabulary = new LargeVocabulary(Type);
        _file = GgufFile.Open(_vocabulary.Path);
        _embeddings = new TokenEmbeddings(_file);
    }

    [Benchmark]
    public void CopyRows() => _embeddings!.CopyRows(_tokens, _rows);

    [GlobalCleanup]
    public void Close()
    {
        _file?.Dispose();
        _vocabulary?.Dispose();
    }
}
