namespace PaliGguf.Language;

/// <summary>The adapters that a whole context decodes with. Sets of the same adapters and scales are equal.</summary>
/// <param name="adapters">The adapters as their model knows them, with their scales, none of them 0, in the order in which they were
/// loaded.</param>
internal sealed class AdapterSet(params (object Adapter, float Scale)[] adapters) : IEquatable<AdapterSet>
{
    private readonly (object Adapter, float Scale)[] _adapters = adapters;

    public static AdapterSet None { get; } = new();

    public int Count => _adapters.Length;

    public (object Adapter, float Scale) this[int index] => _adapters[index];

    public bool Equals(AdapterSet? other) => other is not null && _adapters.AsSpan().SequenceEqual(other._adapters);

    public override bool Equals(object? obj) => Equals(obj as AdapterSet);

    public override int GetHashCode() => _adapters.Length == 0 ? 0 : _adapters[0].GetHashCode();
}
