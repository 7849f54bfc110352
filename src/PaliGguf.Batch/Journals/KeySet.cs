using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// Keys of millions of ids, about 7 bytes each: the first 16 bits are the number of a part, the last 47 lie in it at the place that they
/// say, or behind it, with a bit that says whether the key is marked. Parts grow by an eighth, one after the other, so that growing never
/// needs the double. They lie outside the managed heap, which would keep what they have grown out of for long.
/// </summary>
internal sealed unsafe class KeySet : IDisposable
{
    private const int PartBits = 16;
    private const int Width = 6;
    private const int FirstLength = 8;
    private const byte Marked = 0x80;
    private const int Bits = (8 * Width) - 1;

    private readonly Part[] _parts = new Part[1 << PartBits];

    /// <summary>Adds a key.</summary>
    /// <returns>False if it is there already, and not marked.</returns>
    public bool Add(ItemKey key)
    {
        ref byte place = ref PartOf(key).Place(Rest(key), out bool isNew);
        return isNew || (place & Marked) != 0;
    }

    /// <summary>Marks a key, which is added if need be.</summary>
    public void Mark(ItemKey key) => PartOf(key).Place(Rest(key), out _) |= Marked;

    /// <summary>Takes the mark of a key away.</summary>
    /// <returns>Whether it had one.</returns>
    public bool Unmark(ItemKey key)
    {
        ref byte place = ref _parts[Number(key)].Find(Rest(key));
        if (Unsafe.IsNullRef(ref place) || (place & Marked) == 0) return false;
        place &= 0xff ^ Marked;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ref Part part in _parts.AsSpan()) part.Free();
    }

    private static int Number(ItemKey key) => (int)(key.Value >> (64 - PartBits));

    // Of 48 bits the highest is that of the mark; an empty place is a zero.
    private static ulong Rest(ItemKey key) => Math.Max(key.Value & ((1UL << Bits) - 1), 1);

    private ref Part PartOf(ItemKey key)
    {
        ref Part part = ref _parts[Number(key)];
        if (part.Count + 1 > part.Length * 9 / 10) part.Grow();
        return ref part;
    }

    private struct Part
    {
        private byte* _places;

        public int Count { get; set; }

        /// <summary>How many places it has.</summary>
        public int Length { get; private set; }

        private readonly Span<byte> Bytes => new(_places, Length * Width);

        /// <summary>The last byte of a key, which has the mark; a null reference where it is not there.</summary>
        public readonly ref byte Find(ulong rest)
        {
            if (Length == 0) return ref Unsafe.NullRef<byte>();
            ref byte place = ref Search(rest, out bool isThere);
            return ref isThere ? ref place : ref Unsafe.NullRef<byte>();
        }

        /// <summary>The same, of a key that is put there if need be.</summary>
        public ref byte Place(ulong rest, out bool isNew)
        {
            ref byte place = ref Search(rest, out bool isThere);
            isNew = !isThere;
            if (isThere) return ref place;
            Span<byte> all = MemoryMarshal.CreateSpan(ref Unsafe.Subtract(ref place, Width - 1), Width);
            BinaryPrimitives.WriteUInt32LittleEndian(all, (uint)rest);
            BinaryPrimitives.WriteUInt16LittleEndian(all[sizeof(uint)..], (ushort)(rest >> 32));
            Count++;
            return ref place;
        }

        public void Grow()
        {
            Part larger = new() { Length = Math.Max(Length + (Length / 8) + 2, FirstLength) };
            larger._places = (byte*)NativeMemory.AllocZeroed((nuint)larger.Length, Width);
            for (Span<byte> left = Bytes; !left.IsEmpty; left = left[Width..])
            {
                if (Read(left) is not 0 and ulong there) larger.Place(there & ((1UL << Bits) - 1), out _) |= (byte)((there >> 40) & Marked);
            }

            Free();
            this = larger;
        }

        public void Free()
        {
            NativeMemory.Free(_places);
            this = default;
        }

        // Where a key is, or where it would be put.
        private readonly ref byte Search(ulong rest, out bool isThere)
        {
            Span<byte> places = Bytes;
            int at = (int)((rest * (ulong)Length) >> Bits) * Width;
            for (ulong there; (there = Read(places[at..])) != 0; at = at + Width < places.Length ? at + Width : 0)
            {
                if ((there & ((1UL << Bits) - 1)) != rest) continue;
                isThere = true;
                return ref places[at + Width - 1];
            }

            isThere = false;
            return ref places[at + Width - 1];
        }

        private static ulong Read(ReadOnlySpan<byte> place) =>
            BinaryPrimitives.ReadUInt32LittleEndian(place) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(place[sizeof(uint)..]) << 32);
    }
}
