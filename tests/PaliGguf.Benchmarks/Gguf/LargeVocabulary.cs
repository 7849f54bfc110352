using PaliGguf.Gguf;

namespace PaliGguf.Benchmarks.Gguf;

/// <summary>A GGUF file with a vocabulary of PaliGemma's size and the first rows of an embedding of its width, removed when disposed.</summary>
internal sealed class LargeVocabulary : IDisposable
{
    public const int Tokens = 257_216;
    public const int EmbeddingLength = 2304;
    public const int Rows = 4096;

    private readonly string _folder = Directory.CreateTempSubdirectory("paligguf-benchmarks-").FullName;

    public LargeVocabulary(GgmlType type)
    {
        GgufWriter writer = new();
        writer.Set("general.architecture", "gemma2");
        writer.SetArray("tokenizer.ggml.tokens", Enumerable.Range(0, Tokens).Select(token => $"piece{token}").ToArray());
        writer.SetArray("tokenizer.ggml.scores", Enumerable.Range(0, Tokens).Select(token => -(float)token).ToArray().AsSpan());
        writer.SetArray("tokenizer.ggml.token_type", Enumerable.Repeat(1, Tokens).ToArray().AsSpan());
        byte[] zeros = new byte[type.RowByteLength(EmbeddingLength)];
        writer.AddTensor("token_embd.weight", type, [EmbeddingLength, Rows], (stream, _) =>
        {
            for (int row = 0; row < Rows; row++) stream.Write(zeros);
        });
        Path = System.IO.Path.Combine(_folder, "vocabulary.gguf");
        writer.Write(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
