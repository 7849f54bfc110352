using System.Diagnostics.CodeAnalysis;

namespace PaliGguf;

/// <summary>Arrays that were made or asked for last, up to a number of bytes. Safe for use by several threads.</summary>
/// <param name="capacity">The most bytes of their elements; an array that alone has more is not kept.</param>
internal sealed class RecentArrays<TKey>(long capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, float[] Values)>> _nodes = [];
    private readonly LinkedList<(TKey Key, float[] Values)> _recent = new();

    /// <summary>The most bytes that are kept.</summary>
    public long Capacity { get; } = capacity;

    /// <summary>The bytes that are kept now.</summary>
    public long Bytes { get; private set; }

    /// <summary>Finds an array, which then is the one used last.</summary>
    public bool TryGet(TKey key, [NotNullWhen(true)] out float[]? values)
    {
        lock (_gate)
        {
            values = null;
            if (!_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, float[] Values)>? node)) return false;
            _recent.Remove(node);
            _recent.AddFirst(node);
            values = node.Value.Values;
            return true;
        }
    }

    /// <summary>Keeps an array; those that were unused longest make room for it. One that is there already stays.</summary>
    public void Add(TKey key, float[] values)
    {
        long bytes = sizeof(float) * (long)values.Length;
        lock (_gate)
        {
            if (bytes > Capacity || _nodes.ContainsKey(key)) return;
            while (Bytes + bytes > Capacity) RemoveLast();
            _nodes.Add(key, _recent.AddFirst((key, values)));
            Bytes += bytes;
        }
    }

    private void RemoveLast()
    {
        (TKey key, float[] values) = _recent.Last!.Value;
        _recent.RemoveLast();
        _nodes.Remove(key);
        Bytes -= sizeof(float) * (long)values.Length;
    }
}
