using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// A LoRA adapter as PEFT saves it: a folder with a configuration and one safetensors file. Everything is checked when it is opened, but whether it fits a
/// model.
/// </summary>
internal sealed class PeftAdapter : IDisposable
{
    private const string WeightsFile = "adapter_model.safetensors";
    private const string PickledFile = "adapter_model.bin";
    private const string Embedding = "text.embed_tokens.weight";

    private const int MostTensors = 1 << 14;

    // 1 GiB as floats; real factors are a hundredth of it.
    private const long LargestFactor = 1L << 28;
    private readonly SafetensorsFile _file;
    private readonly PeftConfig _config;
    private readonly List<LowRankUpdate> _updates = [];
    private readonly Dictionary<string, SourceTensor> _saved = new(StringComparer.Ordinal);
    private readonly AdapterProblems _problems;

    private PeftAdapter(string folder, PeftConfig config, SafetensorsFile file)
    {
        Folder = folder;
        _config = config;
        _file = file;
        _problems = new AdapterProblems(file.Path, "the adapter can not be used");
    }

    public string Folder { get; }

    /// <summary>What it adds to matrices.</summary>
    public IReadOnlyList<LowRankUpdate> Updates => _updates;

    /// <summary>Tensors that take the place of the model's, under their short names.</summary>
    public IReadOnlyDictionary<string, SourceTensor> Saved => _saved;

    /// <summary>True if a saved embedding is the output matrix too.</summary>
    public bool ReplacesHead => _saved.ContainsKey(Embedding) && !_saved.ContainsKey(TensorNames.Head);

    /// <summary>Opens an adapter.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="warnings">Told of what is not taken over.</param>
    /// <exception cref="ModelFormatException">A file is missing or malformed, or the adapter is of a kind that is not supported; all unfit tensors are listed.</exception>
    public static PeftAdapter Open(string folder, ConversionWarnings warnings)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(LocalPath.Of(folder, "the folder of a PEFT adapter")));
        if (!Directory.Exists(folder))
        {
            string problem = !File.Exists(folder) ? "no such folder"
                : folder.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
                    ? "this adapter is converted already: it is loaded at run time, by --lora"
                : "this is a file, expected the folder of a PEFT adapter";
            throw new ModelFormatException(folder, problem);
        }

        PeftConfig config = PeftConfig.Read(folder, warnings);
        string weights = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weights) && File.Exists(Path.Combine(folder, PickledFile)))
        {
            throw new ModelFormatException(
                Path.Combine(folder, PickledFile), $"pickled weights are not read: load the adapter with PEFT and call save_pretrained(..., safe_serialization=True), which writes {WeightsFile}");
        }

        PeftAdapter adapter = new(folder, config, SafetensorsFile.Open(weights));
        try
        {
            adapter.Read();
            adapter.WarnOfUnsaved(warnings);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private void Read()
    {
        if (_file.Tensors.Count > MostTensors) throw new ModelFormatException(_file.Path, $"the file has {_file.Tensors.Count} tensors, more than the {MostTensors} that are allowed");
        Dictionary<string, SourceTensor> a = new(StringComparer.Ordinal);
        Dictionary<string, SourceTensor> b = new(StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in _file.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            if (!tensor.Type.IsReadable())
            {
                _problems.Add($"{OneLine.Show(tensor.Name)} is {tensor.Type}, expected F32, F16 or BF16");
                continue;
            }

            switch (PeftTensorName.Parse(tensor.Name))
            {
                case { Kind: PeftTensorKind.A, Target: { } module }:
                    Add(a, module, tensor);
                    break;
                case { Kind: PeftTensorKind.B, Target: { } module }:
                    Add(b, module, tensor);
                    break;
                case { Kind: PeftTensorKind.Saved, Target: { } name }:
                    AddSaved(name, tensor);
                    break;
                case { Kind: PeftTensorKind.Unsupported, Target: { } part }:
                    _problems.Add($"{OneLine.Show(part)} is a part of something else than LoRA of matrices, which is not supported");
                    break;
                default:
                    _problems.Add("unknown " + OneLine.Show(tensor.Name));
                    break;
            }
        }

        foreach (string module in a.Keys.Union(b.Keys, StringComparer.Ordinal)) AddUpdate(module, a.GetValueOrDefault(module), b.GetValueOrDefault(module));
        if (_updates.Count == 0 && _saved.Count == 0) _problems.Add("it has no tensors");
        if (_config is { SavesEmbedding: true, TiesSavedEmbedding: false } && ReplacesHead)
        {
            _problems.Add("it has an embedding of its own (modules_to_save) and not the output matrix with it; a GGUF file has one matrix for both");
        }

        _problems.ThrowIfAny();
    }

    // PEFT leaves the model's own in their place, and says so.
    private void WarnOfUnsaved(ConversionWarnings warnings)
    {
        string[] unsaved =
        [
            .. _config.SavedModules.Where(
                module => !_file.Tensors.Any(tensor => ('.' + tensor.Name).Contains($".{module}.", StringComparison.Ordinal))),
        ];
        if (unsaved.Length == 0) return;
        string named = OneLine.Show(string.Join(", ", unsaved));
        warnings.Add(_file.Path, $"nothing of {named} is in it, which modules_to_save names: the model's own stay");
    }

    private void Add(Dictionary<string, SourceTensor> factors, string module, SourceTensor factor)
    {
        if (!factors.TryAdd(module, factor)) _problems.Add($"{OneLine.Show(factor.Name)} is there twice");
    }

    private void AddSaved(string name, SourceTensor tensor)
    {
        if (TensorNames.Shorten(name) is not { } shortName) _problems.Add("unknown " + OneLine.Show(tensor.Name));
        else if (!TensorNames.IsUnused(shortName) && !_saved.TryAdd(shortName, tensor)) _problems.Add($"{OneLine.Show(tensor.Name)} is there twice");
    }

    private void AddUpdate(string module, SourceTensor? a, SourceTensor? b)
    {
        string shown = OneLine.Show(module);
        if (TensorNames.Shorten(module + ".weight") is not { } target) _problems.Add("unknown module " + shown);
        else if (target is Embedding or TensorNames.Head) _problems.Add($"{shown} is adapted; a GGUF file has one matrix for embedding and output, and the adapter is for one of them");
        else if (a is null || b is null) _problems.Add($"{shown} has no lora_{(a is null ? "A" : "B")}");
        else if (_updates.Exists(update => update.Target == target)) _problems.Add($"{shown} is there twice, under names of both generations");
        else if (Misfit(module, a, b) is { } misfit) _problems.Add($"{shown} has {misfit}");
        else _updates.Add(new LowRankUpdate(module, target, a, b, _config.Scale(module, a.Shape[0])));
    }

    private string? Misfit(string module, SourceTensor a, SourceTensor b)
    {
        if (a.Count is 0 or > LargestFactor || b.Count is 0 or > LargestFactor) return $"factors of {a.Count} and {b.Count} elements, expected 1 to {LargestFactor}";
        bool factors = a.Shape.Count is 2 or 4 && b.Shape.Count == a.Shape.Count && b.Shape.Skip(2).All(size => size == 1) && b.Shape[1] == a.Shape[0];
        if (!factors) return $"factors of {OneLine.Show(a.Shape)} and {OneLine.Show(b.Shape)}, expected [rank, inputs] and [outputs, rank]";
        if (a.Shape[0] > PeftConfig.LargestRank) return $"rank {a.Shape[0]}, more than the {PeftConfig.LargestRank} that are allowed";
        return _config.Rank(module) is not { } rank || a.Shape[0] == rank ? null : $"rank {a.Shape[0]}, and {PeftConfig.File} says {rank}";
    }
}
