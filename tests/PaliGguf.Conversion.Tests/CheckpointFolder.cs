using System.Text.Json.Nodes;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>A copy of one of the small checkpoints that a test may change.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private CheckpointFolder(string original)
    {
        Directory.CreateDirectory(Path);
        Tensors = new Dictionary<string, RawTensor>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(original))
        {
            if (file.EndsWith(".safetensors", StringComparison.Ordinal))
            {
                foreach ((string name, RawTensor tensor) in RawSafetensors.Read(file)) Tensors.Add(name, tensor);
            }
            else if (!file.EndsWith(".npz", StringComparison.Ordinal) && !file.EndsWith(".index.json", StringComparison.Ordinal))
            {
                File.Copy(file, In(System.IO.Path.GetFileName(file)));
            }
        }
    }

    /// <summary>The checkpoint. It has no weights before one of the Save methods is called.</summary>
    public string Path => System.IO.Path.Combine(_folder.Path, "model");

    /// <summary>A folder for output, which does not exist yet.</summary>
    public string Output => System.IO.Path.Combine(_folder.Path, "out");

    public Dictionary<string, RawTensor> Tensors { get; private set; }

    public static string Gemma => System.IO.Path.Combine(Repository.Golden("tiny-g1"), "model");

    public static string Gemma2 => System.IO.Path.Combine(Repository.Golden("tiny-g2"), "model");

    public static string PaliNano => System.IO.Path.Combine(Repository.PaliNano, "checkpoint");

    public static CheckpointFolder Copy(string original) => new(original);

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public CheckpointFolder Rename(Func<string, string> name)
    {
        Tensors = Tensors.ToDictionary(pair => name(pair.Key), pair => pair.Value, StringComparer.Ordinal);
        return this;
    }

    public CheckpointFolder EditConfig(Action<JsonObject> edit) => EditJson("config.json", edit);

    public CheckpointFolder EditJson(string name, Action<JsonObject> edit)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(In(name)))!.AsObject();
        edit(json);
        File.WriteAllText(In(name), json.ToJsonString());
        return this;
    }

    public CheckpointFolder SaveSingle()
    {
        RawSafetensors.Write(In("model.safetensors"), Tensors);
        return this;
    }

    public CheckpointFolder SaveShards(int count)
    {
        JsonObject map = [];
        foreach ((int shard, KeyValuePair<string, RawTensor>[] tensors) in Tensors.Chunk((Tensors.Count + count - 1) / count).Index())
        {
            string name = $"model-{shard + 1:D5}-of-{count:D5}.safetensors";
            RawSafetensors.Write(In(name), tensors);
            foreach ((string tensor, _) in tensors) map[tensor] = name;
        }

        File.WriteAllText(In("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
        return this;
    }

    public void Dispose() => _folder.Dispose();
}
