using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>Files to read in tests.</summary>
internal static class GgufSamples
{
    /// <summary>As a converter would write it: sizes, a vocabulary, some tensors of several types. The last one ends where the file ends.</summary>
    public static string Realistic(TemporaryFolder folder, int tokens = 300)
    {
        string path = folder.File("realistic.gguf");
        GgufWriter writer = new();
        writer.Set("general.architecture", "gemma2");
        writer.Set("general.name", "tiny");
        writer.Set("general.file_type", 7u);
        writer.Set("gemma2.embedding_length", 64u);
        writer.Set("gemma2.rope.freq_base", 10000f);
        writer.Set("tokenizer.ggml.add_bos_token", true);
        writer.SetArray("tokenizer.ggml.tokens", Enumerable.Range(0, tokens).Select(id => $"\u2581piece{id}").ToArray());
        writer.SetArray("tokenizer.ggml.scores", Enumerable.Range(0, tokens).Select(id => -(float)id).ToArray().AsSpan());
        writer.SetArray("tokenizer.ggml.token_type", Enumerable.Repeat(1, tokens).ToArray().AsSpan());
        AddTensor(writer, "token_embd.weight", GgmlType.Q8_0, 64, 30);
        AddTensor(writer, "output_norm.weight", GgmlType.F32, 63);
        for (int layer = 0; layer < 4; layer++)
        {
            AddTensor(writer, $"blk.{layer}.attn_q.weight", GgmlType.F16, 64, 7);
            AddTensor(writer, $"blk.{layer}.attn_norm.weight", GgmlType.F32, 64);
        }

        writer.Write(path);
        return path;
    }

    /// <summary>A tensor whose bytes count up from 0, over and over.</summary>
    public static void AddTensor(GgufWriter writer, string name, GgmlType type, params long[] shape)
    {
        byte[] bytes = Counting(type.TensorByteLength(shape));
        writer.AddTensor(name, type, shape, (stream, _) => stream.Write(bytes));
    }

    public static byte[] Counting(long length) => Enumerable.Range(0, (int)length).Select(i => (byte)i).ToArray();
}
