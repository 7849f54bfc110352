using PaliGguf.Evaluation.Encoders;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Encoders;

/// <summary>Files that the native loader would end the process over, or compute something else with.</summary>
public sealed class BertLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_converted_file_is_sound() => Assert.Equal(2, BertEncoder.Check(Change()));

    [Theory]
    [InlineData("general.architecture", "gemma", "a BERT is 'bert'")]
    [InlineData("tokenizer.ggml.model", "bert", "paligguf convert")]
    [InlineData("bert.block_count", 3u, "blk.2.attn_q.weight is missing")]
    [InlineData("bert.block_count", 0u, "bert.block_count is 0")]
    [InlineData("bert.context_length", 41u, "position_embd.weight")]
    [InlineData("bert.embedding_length", 64u, "token_embd.weight")]
    [InlineData("bert.attention.head_count", 5u, "no multiple")]
    [InlineData("bert.attention.head_count", 0u, "head_count is 0")]
    [InlineData("bert.feed_forward_length", 4_000_000_000u, "feed_forward_length is 4000000000")]
    [InlineData("bert.vocab_size", 7u, "bert.vocab_size is 7")]
    [InlineData("bert.attention.layer_norm_epsilon", float.NaN, "layer_norm_epsilon is NaN")]
    [InlineData("bert.attention.causal", true, "causal is true")]
    [InlineData("bert.pooling_type", 1u, "pooling_type is not 0")]
    [InlineData("bert.rope.freq_base", 1f, "not known")]
    [InlineData("tokenizer.ggml.token_type_count", 3u, "token_types.weight")]
    public void What_the_library_would_not_bear_is_refused_before(string key, object value, string message)
    {
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => BertEncoder.Load(Change(key, value)));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_without_the_marks_are_refused() =>
        Assert.Contains(
            "[UNK], [CLS] or [SEP]",
            Assert.Throws<ModelFormatException>(() => BertEncoder.Load(Change("tokenizer.ggml.tokens", new[] { "a", "b" }))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_tensor_that_nothing_reads_is_an_error_of_the_library()
    {
        string path = Change(extra: true);
        Assert.Contains("llama.cpp does not load it", Assert.Throws<ModelFormatException>(() => BertEncoder.Load(path)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_so() => Assert.Throws<FileNotFoundException>(() => BertEncoder.Load(_folder.File("x.gguf")));

    public void Dispose() => _folder.Dispose();

    /// <summary>A copy of a converted file with another value of a key.</summary>
    private string Change(string? changed = null, object? value = null, bool extra = false)
    {
        using GgufFile file = GgufFile.Open(BertModels.Path);
        GgufWriter writer = new();
        foreach (GgufMetadataEntry entry in file.Metadata.Entries.Where(entry => entry.Key != changed)) writer.Copy(entry);
        switch (value)
        {
            case string text: writer.Set(changed!, text); break;
            case uint number: writer.Set(changed!, number); break;
            case float number: writer.Set(changed!, number); break;
            case bool flag: writer.Set(changed!, flag); break;
            case string[] texts: writer.SetArray(changed!, texts); break;
        }

        foreach (GgufTensor tensor in file.Tensors)
        {
            byte[] data = new byte[tensor.ByteLength];
            file.CopyTo(tensor, 0, data);
            writer.AddTensor(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), (stream, _) => stream.Write(data));
        }

        if (extra) writer.AddTensor("more", GgmlType.F32, [1], (stream, _) => stream.Write(new byte[4]));
        string path = _folder.File($"{Guid.NewGuid():N}.gguf");
        writer.Write(path);
        return path;
    }
}
