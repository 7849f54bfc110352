using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace PaliGguf.Tests;

/// <summary>A LoRA adapter of random numbers for a small checkpoint, in PEFT's layout; written without the code under test.</summary>
internal sealed class PeftFolder : IDisposable
{
    // With the usual ranks and scales, what is added is about a third of what the checkpoints have.
    private const float Largest = 0.12f;
    private const string OldText = "language_model.model.";
    private const string NewText = "model.language_model.";
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, long[]> _shapes;
    private readonly Random _random;

    /// <summary>Begins an adapter without modules.</summary>
    /// <param name="checkpoint">The folder of a checkpoint with the names of the older generation.</param>
    /// <param name="seed">Of the random numbers.</param>
    public PeftFolder(string checkpoint, int seed = 1)
    {
        _shapes = Directory.EnumerateFiles(checkpoint, "*.safetensors").Select(SafetensorsArrays.Load)
            .SelectMany(file => file.Names.Select(name => (name, file.Shape(name)))).ToDictionary(StringComparer.Ordinal);
        _random = new Random(seed);
    }

    public string Path => _folder.Path;

    /// <summary>What adapter_config.json will hold.</summary>
    public JsonObject Config { get; } = JsonNode.Parse("""
        {
          "peft_type": "LORA", "task_type": "CAUSAL_LM", "base_model_name_or_path": "google/paligemma2-3b-pt-224", "r": 8, "lora_alpha": 16, "lora_dropout": 0.05, "bias": "none",
          "use_rslora": false, "use_dora": false, "init_lora_weights": true, "rank_pattern": {}, "alpha_pattern": {}, "target_modules": ["q_proj"], "modules_to_save": null,
          "inference_mode": true, "fan_in_fan_out": false
        }
        """)!.AsObject();

    /// <summary>The tensors by their names in the file.</summary>
    public Dictionary<string, (long[] Shape, float[] Values)> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>A text adapter as they are most common: attention and feed-forward of all layers.</summary>
    public static PeftFolder ForText(string checkpoint, int seed = 1) => new PeftFolder(checkpoint, seed).Adapt(OldText + "layers.", 8).Save();

    /// <summary>The name of a tensor in the newer generation.</summary>
    public static string Renamed(string name) =>
        name.StartsWith(OldText, StringComparison.Ordinal) ? NewText + name[OldText.Length..]
        : name.StartsWith("language_model.", StringComparison.Ordinal) ? name["language_model.".Length..]
        : "model." + name;

    /// <summary>Adds random factors for all matrices of the checkpoint whose names contain a text.</summary>
    public PeftFolder Adapt(string part, int rank)
    {
        foreach ((string name, long[] shape) in _shapes.Where(pair => pair.Key.Contains(part, StringComparison.Ordinal) && pair.Value.Length is 2 or 4))
        {
            string module = "base_model.model." + name[..^".weight".Length];
            Add(module + ".lora_A.weight", [rank, .. shape[1..]]);
            Add(module + ".lora_B.weight", [shape[0], rank, .. shape.Skip(2).Select(_ => 1L)]);
        }

        return this;
    }

    /// <summary>Adds a random tensor under any name.</summary>
    public PeftFolder Add(string name, params long[] shape)
    {
        float[] values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = ((float)_random.NextDouble() - 0.5f) * 2 * Largest;
        Tensors[name] = (shape, values);
        return this;
    }

    /// <summary>Gives all tensors other names.</summary>
    public PeftFolder Rename(Func<string, string> rename)
    {
        foreach ((string name, (long[], float[]) tensor) in Tensors.ToArray())
        {
            Tensors.Remove(name);
            Tensors.Add(rename(name), tensor);
        }

        return this;
    }

    /// <summary>Gives all modules the names of the newer generation.</summary>
    public PeftFolder RenameToNewer() => Rename(name => "base_model.model." + Renamed(name["base_model.model.".Length..]));

    /// <summary>Writes both files.</summary>
    /// <param name="type">F32, F16 or BF16; what is rounded to it is rounded in <see cref="Tensors"/> too.</param>
    public PeftFolder Save(string type = "F32")
    {
        JsonObject header = [];
        using MemoryStream data = new();
        foreach ((string name, (long[] shape, float[] values)) in Tensors)
        {
            byte[] bytes = Store(type, values);
            header[name] = new JsonObject
            {
                ["dtype"] = type,
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(data.Length, data.Length + bytes.Length),
            };
            data.Write(bytes);
        }

        byte[] json = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        _folder.Write("adapter_model.safetensors", [.. length, .. json, .. data.ToArray()]);
        File.WriteAllText(_folder.File("adapter_config.json"), Config.ToJsonString());
        return this;
    }

    /// <summary>The matrix that an adapter adds to a tensor of the checkpoint, in double precision; all zero where it does not touch it.</summary>
    /// <param name="name">The tensor's name in the checkpoint.</param>
    /// <param name="scale">The module's scale.</param>
    public double[] Update(string name, double scale)
    {
        long[] shape = _shapes[name];
        double[] update = new double[shape.Aggregate(1L, (product, size) => product * size)];
        string module = "base_model.model." + name[..name.LastIndexOf('.')];
        if (!Tensors.TryGetValue(module + ".lora_A.weight", out (long[] Shape, float[] Values) a)) return update;
        float[] b = Tensors[module + ".lora_B.weight"].Values;
        int rank = (int)a.Shape[0];
        int columns = a.Values.Length / rank;
        for (int i = 0; i < update.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            for (int k = 0; k < rank; k++) update[i] += (double)b[(row * rank) + k] * a.Values[(k * columns) + column] * scale;
        }

        return update;
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Store(string type, float[] values)
    {
        if (type == "F32") return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        for (int i = 0; i < values.Length; i++) values[i] = type == "F16" ? (float)(Half)values[i] : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(values[i]) & 0xFFFF0000);
        return type == "F16"
            ? MemoryMarshal.AsBytes(values.Select(value => (Half)value).ToArray().AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(values.Select(value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).ToArray().AsSpan()).ToArray();
    }
}
