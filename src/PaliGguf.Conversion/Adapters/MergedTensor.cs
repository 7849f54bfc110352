using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>
/// A matrix with what adapters add to it, computed while it is read. The factors, which are small, are in memory from the first piece to the last.
/// </summary>
internal sealed class MergedTensor(SourceTensor source, IReadOnlyList<(LowRankUpdate Update, float Weight)> updates)
    : SourceTensor(source.Name, source.Path, source.Type, source.Shape)
{
    private LowRankFactors[]? _factors;
    private long _read;

    public override void Read(long first, Span<float> destination)
    {
        source.Read(first, destination);
        LowRankFactors[] factors = LazyInitializer.EnsureInitialized(ref _factors, () => [.. updates.Select(update => new LowRankFactors(update.Update, update.Weight))]);
        foreach (LowRankFactors update in factors) update.AddTo(first, destination);
        // Pieces are read in any order, several at once, and each of them once.
        if (Interlocked.Add(ref _read, destination.Length) == Count) _factors = null;
    }
}
