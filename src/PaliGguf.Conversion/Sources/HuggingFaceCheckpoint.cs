using System.Text.Json;

namespace PaliGguf.Conversion.Sources;

/// <summary>The safetensors files of a Hugging Face folder: one, or several with an index.</summary>
internal sealed class HuggingFaceCheckpoint : Checkpoint
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";
    private readonly List<SafetensorsFile> _files = [];
    private Dictionary<string, SourceTensor> _tensors = new(StringComparer.Ordinal);

    private readonly IReadOnlyList<StreamedFile> _streamed;
    private readonly CancellationToken _cancellationToken;

    private HuggingFaceCheckpoint(string folder, IReadOnlyList<StreamedFile> streamed, CancellationToken cancellationToken)
        : base(folder) => (_streamed, _cancellationToken) = (streamed, cancellationToken);

    public override IReadOnlyDictionary<string, SourceTensor> Tensors => _tensors;

    /// <summary>The files, in the order of their names.</summary>
    public IReadOnlyList<SafetensorsFile> Files => _files;

    /// <summary>Opens all files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="streamed">Files that are not in the folder, and are read as if they were.</param>
    /// <param name="cancellationToken">Ends the reading of these.</param>
    /// <exception cref="ModelFormatException">A file is missing, malformed, or not where the index says, or the weights are
    /// quantized.</exception>
    public static HuggingFaceCheckpoint Open(string folder, IReadOnlyList<StreamedFile>? streamed = null,
        CancellationToken cancellationToken = default)
    {
        HuggingFaceCheckpoint checkpoint = new(folder, streamed ?? [], cancellationToken);
        try
        {
            checkpoint.OpenFiles();
            QuantizedWeights.Refuse(checkpoint);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Gives the tensors other names.</summary>
    /// <param name="tensors">The same tensors under their new names.</param>
    public void Rename(IReadOnlyDictionary<string, SourceTensor> tensors) => _tensors = new(tensors, StringComparer.Ordinal);

    public override void Dispose() => _files.ForEach(file => file.Dispose());

    private void OpenFiles()
    {
        string single = System.IO.Path.Combine(Path, SingleFile);
        string index = System.IO.Path.Combine(Path, IndexFile);
        if (Exists(single)) Add(single);
        else if (File.Exists(index)) OpenShards(index);
        else throw new ModelFormatException(Path, $"the folder has neither {SingleFile} nor {IndexFile}{WhatElse()}");
    }

    private string WhatElse()
    {
        string? Found(params ReadOnlySpan<string> patterns)
        {
            foreach (string pattern in patterns)
            {
                if (Directory.EnumerateFiles(Path, pattern).Order(StringComparer.Ordinal).FirstOrDefault() is { } file)
                    return OneLine.Show(System.IO.Path.GetFileName(file));
            }

            return null;
        }

        if (Found("*.bin", "*.bin.index.json", "*.pt", "*.pth", "*.ckpt", "*.pkl") is { } pickled)
        {
            return $": {pickled} is a pickled checkpoint, which is not read (it can run any code); load it with transformers and call "
                + "save_pretrained(..., safe_serialization=True)";
        }

        if (Found("*.h5", "*.msgpack") is { } other)
        {
            return $": {other} is a checkpoint of TensorFlow or Flax, which is not read; load it with transformers and call "
                + "save_pretrained";
        }

        if (Found("*.gguf") is { } gguf) return $": {gguf} is converted already; 'paligguf quantize' stores it anew";
        return Found("*.safetensors") is { } unindexed
            ? $", but {unindexed}: the index is missing, or the file has another name than {SingleFile}" : "";
    }

    private void OpenShards(string index)
    {
        IReadOnlyDictionary<string, string> shardOf = ReadIndex(index);
        foreach (string shard in shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string path = System.IO.Path.Combine(Path, shard);
            if (!Exists(path)) throw new ModelFormatException(index, $"the shard {OneLine.Show(shard)} is missing from the folder");
            Add(path);
        }

        foreach ((string name, string shard) in shardOf)
        {
            if (_tensors.TryGetValue(name, out SourceTensor? tensor) && System.IO.Path.GetFileName(tensor.Path) == shard) continue;
            throw new ModelFormatException(index, $"the tensor {OneLine.Show(name)} should be in {OneLine.Show(shard)}, but is not");
        }
    }

    private bool Exists(string path) => File.Exists(path) || Streamed(path) is not null;

    private StreamedFile? Streamed(string path) => _streamed.FirstOrDefault(file => file.Name == System.IO.Path.GetFileName(path));

    private void Add(string path)
    {
        SafetensorsFile file = Streamed(path) is { } streamed
            ? SafetensorsFile.Open(new ArrivingContent(streamed, path, _cancellationToken)) : SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (SafetensorsTensor tensor in file.Tensors)
        {
            if (_tensors.TryAdd(tensor.Name, tensor)) continue;
            throw new ModelFormatException(path,
                $"the tensor {OneLine.Show(tensor.Name)} is also in {System.IO.Path.GetFileName(_tensors[tensor.Name].Path)}");
        }
    }

    private static Dictionary<string, string> ReadIndex(string index)
    {
        using JsonDocument document = CheckpointFile.ReadJson(index);
        if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFormatException(index, "the object weight_map is missing");
        }

        Dictionary<string, string> shardOf = new(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (!IsPlainFileName(shard))
            {
                throw new ModelFormatException(
                    index, $"the tensor {OneLine.Show(entry.Name)} has the shard '{OneLine.Show(shard)}', which is not the plain name of a safetensors file");
            }

            shardOf.Add(entry.Name, shard);
        }

        if (shardOf.Count == 0) throw new ModelFormatException(index, "weight_map is empty");
        return shardOf;
    }

    // Separators of all systems, so that a folder means the same everywhere; the ending also excludes ".", ".." and device names.
    private static bool IsPlainFileName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) && name.IndexOfAny(['/', '\\', ':']) < 0 && !name.Any(char.IsControl);
}
