using Microsoft.Extensions.Logging;
using PaliGguf.Interop;
using PaliGguf.Language;

namespace PaliGguf.Adapters;

/// <summary>The adapters that were loaded with a model. The model owns their memory and releases it with its own.</summary>
internal sealed class LoadedAdapters
{
    private readonly List<(AdapterInfo Info, object Adapter)> _adapters = [];

    /// <summary>What they are, in their order.</summary>
    public IReadOnlyList<AdapterInfo> Infos => [.. _adapters.Select(adapter => adapter.Info)];

    /// <summary>Loads checked adapters. A context made afterwards has room for their part of the computation.</summary>
    /// <exception cref="ModelFormatException">The library does not take one.</exception>
    public static LoadedAdapters Load(IReadOnlyList<AdapterInfo> adapters, TextModel model, ILogger logger)
    {
        LoadedAdapters loaded = new();
        foreach (AdapterInfo info in adapters)
        {
            using NativeLog.Route log = NativeLog.To(logger);
            object? adapter = model.Weights.LoadAdapter(info.Path);
            if (adapter is null) throw new ModelFormatException(info.Path, $"llama.cpp does not load it: {(log.Errors.Length > 0 ? log.Errors : "it gave no reason")}.");
            loaded._adapters.Add((info, adapter));
        }

        return loaded;
    }

    /// <summary>The set that a request asks for.</summary>
    /// <param name="wanted">The adapters by their names, each once; null for the scales that they were loaded with.</param>
    /// <exception cref="InferenceException">There is no adapter of a name.</exception>
    public AdapterSet Select(IReadOnlyList<AdapterScale>? wanted)
    {
        if (wanted?.FirstOrDefault(scale => _adapters.TrueForAll(adapter => adapter.Info.Name != scale.Name)) is { Name: { } unknown })
        {
            string names = _adapters.Count == 0 ? "it was loaded without any" : "it has " + string.Join(", ", _adapters.Select(adapter => $"'{adapter.Info.Name}'"));
            throw new InferenceException($"The model has no adapter '{unknown}': {names}.");
        }

        (object Adapter, float Scale)[] used =
        [
            .. _adapters
                .Select(adapter => (adapter.Adapter, Scale: wanted is null ? adapter.Info.Scale : wanted.FirstOrDefault(scale => scale.Name == adapter.Info.Name).Scale))
                .Where(adapter => adapter.Scale != 0),
        ];
        return used.Length == 0 ? AdapterSet.None : new AdapterSet(used);
    }
}
