using System.Text;
using PaliGguf.Gguf;
using PaliGguf.Memory;

namespace PaliGguf.Tests.Memory;

/// <summary>
/// A text GGUF of a shape whose weights are a hole in the file: it takes a few megabytes of the disk, and the library lays it out as it does the real one.
/// </summary>
internal static class HollowModel
{
    private const int Normal = 1;
    private const int Unknown = 2;
    private const int Control = 3;
    private const int Bytes = 6;

    public static string WriteText(ModelShape shape, ModelSize size, string folder)
    {
        string path = Path.Combine(folder, $"{size.Name}.gguf");
        using FileStream file = File.Create(path);
        using BinaryWriter writer = new(file);
        List<Action> entries = [.. Entries(size, writer)];
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((long)shape.TextTensors.Count);
        writer.Write((long)entries.Count);
        foreach (Action entry in entries) entry();
        long offset = 0;
        foreach (TensorShape tensor in shape.TextTensors)
        {
            Text(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Length);
            foreach (long dimension in tensor.Shape) writer.Write(dimension);
            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset = Aligned(offset + tensor.Bytes);
        }

        writer.Flush();
        file.SetLength(Aligned(file.Position) + offset);
        return path;
    }

    private static long Aligned(long offset) => (offset + GgufLimits.DefaultAlignment - 1) / GgufLimits.DefaultAlignment * GgufLimits.DefaultAlignment;

    private static IEnumerable<Action> Entries(ModelSize size, BinaryWriter writer)
    {
        string prefix = size.Architecture + ".";
        (string Key, object Value)[] values =
        [
            ("general.architecture", size.Architecture),
            (prefix + "context_length", (uint)size.ContextLength),
            (prefix + "embedding_length", (uint)size.EmbeddingLength),
            (prefix + "block_count", (uint)size.LayerCount),
            (prefix + "feed_forward_length", (uint)size.FeedForwardLength),
            (prefix + "attention.head_count", (uint)size.HeadCount),
            (prefix + "attention.head_count_kv", (uint)size.KeyValueHeadCount),
            (prefix + "attention.key_length", (uint)size.HeadLength),
            (prefix + "attention.value_length", (uint)size.HeadLength),
            (prefix + "attention.layer_norm_rms_epsilon", 1e-6f),
            ("tokenizer.ggml.model", "llama"),
            ("tokenizer.ggml.bos_token_id", 2u),
            ("tokenizer.ggml.eos_token_id", 1u),
            ("tokenizer.ggml.unknown_token_id", 3u),
            .. size.Architecture == "gemma2" ? new (string, object)[] { (prefix + "attention.sliding_window", (uint)size.ContextLength) } : [],
        ];
        foreach ((string key, object value) in values) yield return () => Entry(writer, key, value);
        yield return () => Array(writer, "tokenizer.ggml.tokens", 8, size.VocabularySize, token => Text(writer, Piece(token, size.ImageToken)));
        yield return () => Array(writer, "tokenizer.ggml.scores", 6, size.VocabularySize, _ => writer.Write(0f));
        yield return () => Array(writer, "tokenizer.ggml.token_type", 5, size.VocabularySize, token => writer.Write(Kind(token, size.ImageToken)));
    }

    private static string Piece(int token, int imageToken) => token switch
    {
        0 => "<pad>",
        1 => "<eos>",
        2 => "<bos>",
        3 => "<unk>",
        < 260 => $"<0x{token - 4:X2}>",
        _ when token == imageToken => "<image>",
        _ => $"t{token}",
    };

    private static int Kind(int token, int imageToken) => token switch
    {
        < 3 => Control,
        3 => Unknown,
        < 260 => Bytes,
        _ => token == imageToken ? Control : Normal,
    };

    private static void Entry(BinaryWriter writer, string key, object value)
    {
        Text(writer, key);
        switch (value)
        {
            case uint number:
                writer.Write(4u);
                writer.Write(number);
                break;
            case float number:
                writer.Write(6u);
                writer.Write(number);
                break;
            default:
                writer.Write(8u);
                Text(writer, (string)value);
                break;
        }
    }

    private static void Array(BinaryWriter writer, string key, uint elementType, int count, Action<int> element)
    {
        Text(writer, key);
        writer.Write(9u);
        writer.Write(elementType);
        writer.Write((long)count);
        for (int index = 0; index < count; index++) element(index);
    }

    private static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }
}
