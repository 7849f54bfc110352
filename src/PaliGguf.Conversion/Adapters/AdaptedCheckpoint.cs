using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Adapters;

/// <summary>A checkpoint with adapters merged into it: its tensors are the checkpoint's, those that an adapter touches changed while they are read.</summary>
internal sealed class AdaptedCheckpoint : Checkpoint
{
    private readonly Checkpoint _checkpoint;
    private readonly List<(PeftAdapter Adapter, float Weight)> _adapters = [];
    private readonly Dictionary<string, SourceTensor> _tensors;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    private AdaptedCheckpoint(Checkpoint checkpoint)
        : base(checkpoint.Path)
    {
        _checkpoint = checkpoint;
        _tensors = new Dictionary<string, SourceTensor>(checkpoint.Tensors, StringComparer.Ordinal);
        foreach (string name in _tensors.Keys)
        {
            if (TensorNames.Shorten(name) is { } shortName) _names.TryAdd(shortName, name);
        }
    }

    public override IReadOnlyDictionary<string, SourceTensor> Tensors => _tensors;

    /// <summary>Opens adapters over a checkpoint, which the result owns from then on.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="adapters">The adapters, in the order in which they are added.</param>
    /// <param name="warnings">Told of what is not taken over.</param>
    /// <returns>The checkpoint itself if there are none.</returns>
    /// <exception cref="ModelFormatException">An adapter is malformed, or does not fit the checkpoint; all of its unfit modules are listed.</exception>
    public static Checkpoint Open(Checkpoint checkpoint, IReadOnlyList<AdapterSource> adapters, ConversionWarnings warnings)
    {
        if (adapters.Count == 0) return checkpoint;
        AdaptedCheckpoint adapted = new(checkpoint);
        try
        {
            foreach (AdapterSource source in adapters) adapted._adapters.Add((PeftAdapter.Open(source.Folder, warnings), source.Weight));
            adapted.Replace();
            adapted.Merge();
            return adapted;
        }
        catch
        {
            adapted.Dispose();
            throw;
        }
    }

    public override void Dispose()
    {
        _adapters.ForEach(adapter => adapter.Adapter.Dispose());
        _checkpoint.Dispose();
    }

    private void Replace()
    {
        Dictionary<string, PeftAdapter> replacedBy = new(StringComparer.Ordinal);
        foreach ((PeftAdapter adapter, float weight) in _adapters)
        {
            AdapterProblems problems = new(adapter.Folder, $"the adapter does not fit {_checkpoint.Path}");
            foreach ((string shortName, SourceTensor saved) in adapter.Saved)
            {
                string shown = OneLine.Show(saved.Name);
                if (weight != 1) problems.Add($"{shown} takes the place of the checkpoint's, so its weight can only be 1, not {weight}");
                else if (replacedBy.TryGetValue(shortName, out PeftAdapter? other)) problems.Add($"{shown} is also in {other.Folder}");
                else if (Find(shortName) is { } name) Replace(name, saved, problems);
                else if (shortName == TensorNames.Head) _tensors.Add(TensorNames.Head, saved);
                else problems.Add($"the checkpoint has no tensor for {shown}");
                replacedBy.TryAdd(shortName, adapter);
            }

            problems.ThrowIfAny();
            if (adapter.ReplacesHead && Find(TensorNames.Head) is { } head) _tensors.Remove(head);
        }
    }

    private void Replace(string name, SourceTensor saved, AdapterProblems problems)
    {
        if (saved.Shape.SequenceEqual(_tensors[name].Shape)) _tensors[name] = saved;
        else problems.Add($"{OneLine.Show(saved.Name)} is {OneLine.Show(saved.Shape)}, and the checkpoint's is {OneLine.Show(_tensors[name].Shape)}");
    }

    private void Merge()
    {
        Dictionary<string, List<(LowRankUpdate Update, float Weight)>> updates = new(StringComparer.Ordinal);
        foreach ((PeftAdapter adapter, float weight) in _adapters)
        {
            AdapterProblems problems = new(adapter.Folder, $"the adapter does not fit {_checkpoint.Path}");
            foreach (LowRankUpdate update in adapter.Updates)
            {
                if (Find(update.Target) is not { } name) problems.Add($"the checkpoint has no module {OneLine.Show(update.Module)}");
                else if (!_tensors[name].Shape.SequenceEqual(update.Shape)) problems.Add($"{OneLine.Show(update.Module)} is {OneLine.Show(update.Shape)}, and the checkpoint's is {OneLine.Show(_tensors[name].Shape)}");
                else if (updates.TryGetValue(name, out List<(LowRankUpdate, float)>? all)) all.Add((update, weight));
                else updates.Add(name, [(update, weight)]);
            }

            problems.ThrowIfAny();
        }

        foreach ((string name, List<(LowRankUpdate, float)> all) in updates) _tensors[name] = new MergedTensor(_tensors[name], all);
    }

    private string? Find(string shortName) => _names.TryGetValue(shortName, out string? name) && _tensors.ContainsKey(name) ? name : null;
}
