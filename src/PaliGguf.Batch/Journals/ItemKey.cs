using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// What stands for an id where millions are kept: the first 64 bits of its SHA-256. Of ten million, two are the same once in 400,000 such
/// lists.
/// </summary>
public readonly record struct ItemKey(ulong Value)
{
    private const int Short = 512;

    /// <summary>The key of an id.</summary>
    public static ItemKey Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        int most = Encoding.UTF8.GetMaxByteCount(id.Length);
        Span<byte> bytes = most <= Short ? stackalloc byte[Short] : new byte[most];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(id, bytes)], hash);
        return new ItemKey(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
