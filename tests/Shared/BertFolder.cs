using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace PaliGguf.Tests;

/// <summary>A small BERT as Hugging Face's libraries save it.</summary>
internal sealed class BertFolder
{
    public JsonObject Config { get; } = new() { ["model_type"] = "bert", ["hidden_act"] = "gelu", ["layer_norm_eps"] = 1e-12 };

    public JsonObject TokenizerConfig { get; } = new() { ["do_lower_case"] = false };

    public List<string> Vocabulary { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public Dictionary<string, (int[] Shape, float[] Data)> Tensors { get; } = [];

    /// <summary>One of random weights of the size that trained ones have.</summary>
    public static BertFolder Random(
        int seed, int width = 32, int heads = 4, int inner = 48, int layers = 3, int positions = 40, params string[] words)
    {
        BertFolder folder = new();
        folder.Vocabulary.AddRange(words.Length > 0 ? words : ["Der", "Hund", "##e", "แมว", "นอน", "a", "b", ".", "A"]);
        folder.Config["hidden_size"] = width;
        folder.Config["num_attention_heads"] = heads;
        folder.Config["intermediate_size"] = inner;
        folder.Config["num_hidden_layers"] = layers;
        folder.Config["max_position_embeddings"] = positions;
        folder.Config["vocab_size"] = folder.Vocabulary.Count;
        folder.Config["type_vocab_size"] = 2;
        Random random = new(seed);
        folder.Add(random, "embeddings.word_embeddings.weight", 1, folder.Vocabulary.Count, width);
        folder.Add(random, "embeddings.position_embeddings.weight", 1, positions, width);
        folder.Add(random, "embeddings.token_type_embeddings.weight", 1, 2, width);
        folder.AddNorm(random, "embeddings.LayerNorm", width);
        for (int layer = 0; layer < layers; layer++)
        {
            string prefix = $"encoder.layer.{layer}.";
            foreach (string part in new[] { "self.query", "self.key", "self.value", "output.dense" })
            {
                folder.AddProduct(random, $"{prefix}attention.{part}", width, width);
            }

            folder.AddNorm(random, prefix + "attention.output.LayerNorm", width);
            folder.AddProduct(random, prefix + "intermediate.dense", inner, width);
            folder.AddProduct(random, prefix + "output.dense", width, inner);
            folder.AddNorm(random, prefix + "output.LayerNorm", width);
        }

        return folder;
    }

    /// <summary>Writes the files.</summary>
    public string Save(string path)
    {
        Directory.CreateDirectory(path);
        File.WriteAllText(Path.Combine(path, "config.json"), Config.ToJsonString());
        File.WriteAllText(Path.Combine(path, "tokenizer_config.json"), TokenizerConfig.ToJsonString());
        File.WriteAllText(Path.Combine(path, "vocab.txt"), string.Concat(Vocabulary.Select(token => token + "\n")));
        using MemoryStream data = new();
        JsonObject header = [];
        foreach ((string name, (int[] shape, float[] values)) in Tensors)
        {
            long begin = data.Length;
            data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(begin, data.Length),
            };
        }

        byte[] json = System.Text.Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        File.WriteAllBytes(Path.Combine(path, "model.safetensors"), [.. length, .. json, .. data.ToArray()]);
        return path;
    }

    /// <summary>Gives all tensors other names.</summary>
    public void Rename(Func<string, string> name)
    {
        KeyValuePair<string, (int[] Shape, float[] Data)>[] all = [.. Tensors];
        Tensors.Clear();
        foreach ((string old, (int[], float[]) tensor) in all) Tensors[name(old)] = tensor;
    }

    private void AddProduct(Random random, string name, int rows, int columns)
    {
        Add(random, name + ".weight", 1 / MathF.Sqrt(columns), rows, columns);
        Add(random, name + ".bias", 0.1f, rows);
    }

    private void AddNorm(Random random, string name, int width)
    {
        Add(random, name + ".weight", 0.1f, width);
        float[] weight = Tensors[name + ".weight"].Data;
        for (int i = 0; i < width; i++) weight[i] += 1;
        Add(random, name + ".bias", 0.1f, width);
    }

    private void Add(Random random, string name, float deviation, params int[] shape)
    {
        float[] data = new float[shape.Aggregate((a, b) => a * b)];
        for (int i = 0; i < data.Length; i++)
        {
            // Box and Muller.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            data[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        Tensors[name] = (shape, data);
    }
}
