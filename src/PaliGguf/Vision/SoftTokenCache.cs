using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PaliGguf.Vision;

/// <summary>The soft tokens of the pictures seen last, by content. Safe for use by several threads.</summary>
/// <param name="capacity">How many pictures to keep; 0 for none.</param>
internal sealed class SoftTokenCache(int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<(Int128 Key, float[] SoftTokens)> _recent = new();

    /// <summary>How many pictures are kept; with 0 nobody needs to compute a key, for which a cryptographic library may have to be loaded.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>What identifies a resized picture: the first 128 bits of its pixels' SHA-256.</summary>
    public static Int128 Key(RgbImage resized)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(resized.Pixels, hash);
        return BinaryPrimitives.ReadInt128LittleEndian(hash);
    }

    public float[]? Find(Int128 key)
    {
        lock (_gate)
        {
            for (LinkedListNode<(Int128 Key, float[] SoftTokens)>? node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.SoftTokens;
            }

            return null;
        }
    }

    public void Add(Int128 key, float[] softTokens)
    {
        if (Capacity == 0) return;
        lock (_gate)
        {
            if (_recent.Any(entry => entry.Key == key)) return;
            _recent.AddFirst((key, softTokens));
            if (_recent.Count > Capacity) _recent.RemoveLast();
        }
    }
}
