using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// Keys of millions of ids, about 7 bytes each: the first 16 bits are the number of a part, the other 48 lie in it at the place that they
/// say, or behind it. Parts grow by an eighth, one after the other, so that growing never needs the double. They lie outside the managed
/// heap, which would keep what they have grown out of for long.
/// </summary>
internal sealed unsafe class KeySet : IDisposable
{
    private const int PartBits = 16;
    private const int Width = 6;
    private const int FirstLength = 8;

    private readonly Part[] _parts = new Part[1 << PartBits];

    /// <summary>Adds a key.</summary>
    /// <returns>False if it is there already.</returns>
    public bool Add(ItemKey key)
    {
        ref Part part = ref _parts[key.Value >> (64 - PartBits)];
        // An empty place is a zero.
        ulong rest = Math.Max(key.Value & ((1UL << (8 * Width)) - 1), 1);
        if (part.Count + 1 > part.Length * 9 / 10) part.Grow();
        if (!part.Place(rest)) return false;
        part.Count++;
        return true;
    }

    public void Dispose()
    {
        foreach (ref Part part in _parts.AsSpan()) part.Free();
    }

    private struct Part
    {
        private byte* _places;

        public int Count { get; set; }

        /// <summary>How many places it has.</summary>
        public int Length { get; private set; }

        private readonly Span<byte> Bytes => new(_places, Length * Width);

        public readonly bool Place(ulong rest)
        {
            Span<byte> places = Bytes;
            int at = (int)((rest * (ulong)Length) >> (8 * Width)) * Width;
            for (ulong there; (there = Read(places[at..])) != 0; at = at + Width < places.Length ? at + Width : 0)
            {
                if (there == rest) return false;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(places[at..], (uint)rest);
            BinaryPrimitives.WriteUInt16LittleEndian(places[(at + sizeof(uint))..], (ushort)(rest >> 32));
            return true;
        }

        public void Grow()
        {
            Part larger = new() { Count = Count, Length = Math.Max(Length + (Length / 8) + 2, FirstLength) };
            larger._places = (byte*)NativeMemory.AllocZeroed((nuint)larger.Length, Width);
            for (Span<byte> left = Bytes; !left.IsEmpty; left = left[Width..]) if (Read(left) is not 0 and ulong rest) larger.Place(rest);
            Free();
            this = larger;
        }

        public void Free()
        {
            NativeMemory.Free(_places);
            this = default;
        }

        private static ulong Read(ReadOnlySpan<byte> place) =>
            BinaryPrimitives.ReadUInt32LittleEndian(place) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(place[sizeof(uint)..]) << 32);
    }
}
