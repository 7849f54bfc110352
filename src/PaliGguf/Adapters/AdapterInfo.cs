using PaliGguf.Gguf;

namespace PaliGguf.Adapters;

/// <summary>A LoRA adapter of a model.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Scale">How much of it requests use that do not say.</param>
/// <param name="Modules">How many of the decoder's matrices it adapts.</param>
/// <param name="LargestRank">The largest rank among them.</param>
/// <param name="Bytes">Bytes of its weights.</param>
public sealed record AdapterInfo(string Name, string Path, float Scale, int Modules, int LargestRank, long Bytes)
{
    /// <summary>Reads and checks an adapter without loading it or its model.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">The text GGUF that it is for.</param>
    /// <exception cref="FileNotFoundException">The adapter's file does not exist.</exception>
    /// <exception cref="ModelFormatException">It is malformed, or not for this model.</exception>
    public static AdapterInfo Read(AdapterFile adapter, GgufFile model)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        ArgumentNullException.ThrowIfNull(model);
        using GgufFile file = GgufFile.Open(adapter.Path);
        AdapterLayout layout = AdapterLayout.Read(file, model);
        return new AdapterInfo(adapter.Name, adapter.Path, adapter.Scale, layout.Modules, layout.LargestRank, layout.Bytes);
    }
}
