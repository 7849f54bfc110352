using System.Buffers.Binary;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// Keys of millions of ids, about 7 bytes each: the first 16 bits are the number of a part, the other 48 lie in it at the place that they say, or behind it. Parts grow by an eighth,
/// one after the other, so that growing never needs the double.
/// </summary>
internal sealed class KeySet
{
    private const int PartBits = 16;
    private const int Width = 6;

    private readonly byte[]?[] _parts = new byte[1 << PartBits][];
    private readonly ushort[] _counts = new ushort[1 << PartBits];

    /// <summary>Adds a key.</summary>
    /// <returns>False if it is there already.</returns>
    public bool Add(ItemKey key)
    {
        int part = (int)(key.Value >> (64 - PartBits));
        // An empty place is a zero.
        ulong rest = Math.Max(key.Value & ((1UL << (8 * Width)) - 1), 1);
        byte[] places = _parts[part] ??= new byte[8 * Width];
        if (_counts[part] + 1 > places.Length / Width * 9 / 10) places = _parts[part] = Larger(places);
        if (!Place(places, rest)) return false;
        _counts[part]++;
        return true;
    }

    private static byte[] Larger(byte[] places)
    {
        int count = places.Length / Width;
        byte[] larger = new byte[(count + (count / 8) + 2) * Width];
        for (int at = 0; at < places.Length; at += Width) if (Read(places, at) is not 0 and ulong rest) Place(larger, rest);
        return larger;
    }

    private static bool Place(byte[] places, ulong rest)
    {
        int at = (int)((rest * (ulong)(places.Length / Width)) >> (8 * Width)) * Width;
        for (ulong there; (there = Read(places, at)) != 0; at = at + Width < places.Length ? at + Width : 0) if (there == rest) return false;
        BinaryPrimitives.WriteUInt32LittleEndian(places.AsSpan(at), (uint)rest);
        BinaryPrimitives.WriteUInt16LittleEndian(places.AsSpan(at + sizeof(uint)), (ushort)(rest >> 32));
        return true;
    }

    private static ulong Read(byte[] places, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(places.AsSpan(at)) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(places.AsSpan(at + sizeof(uint))) << 32);
}
