using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// SHA-256 (FIPS 180-4) that can be put aside and taken up again, in another process too. <see
/// cref="System.Security.Cryptography.IncrementalHash"/> is several times as fast, and can not.
/// </summary>
internal sealed class Sha256State
{
    private const int BlockBytes = 64;
    private const int StateBytes = (8 * sizeof(uint)) + sizeof(long) + BlockBytes;
    private static readonly uint[] Constants = Fractions(64, Math.Cbrt);
    private readonly uint[] _hash = Fractions(8, Math.Sqrt);
    private readonly byte[] _block = new byte[BlockBytes];
    private long _length;

    /// <summary>Takes up what <see cref="Save"/> gave.</summary>
    /// <returns>Null where the text is something else.</returns>
    public static Sha256State? Load(string text)
    {
        byte[] bytes = new byte[StateBytes];
        if (text.Length != 2 * StateBytes || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return null;
        Sha256State state = new() { _length = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8 * sizeof(uint))) };
        MemoryMarshal.Cast<byte, uint>(bytes.AsSpan(0, 8 * sizeof(uint))).CopyTo(state._hash);
        bytes.AsSpan(StateBytes - BlockBytes).CopyTo(state._block);
        return state._length >= 0 ? state : null;
    }

    /// <summary>All that is needed to go on later.</summary>
    public string Save()
    {
        Span<byte> bytes = stackalloc byte[StateBytes];
        MemoryMarshal.AsBytes<uint>(_hash).CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(8 * sizeof(uint))..], _length);
        _block.CopyTo(bytes[(StateBytes - BlockBytes)..]);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Goes on with more bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int used = (int)(_length % BlockBytes);
        _length += bytes.Length;
        if (used > 0)
        {
            int fill = Math.Min(BlockBytes - used, bytes.Length);
            bytes[..fill].CopyTo(_block.AsSpan(used));
            bytes = bytes[fill..];
            if (used + fill < BlockBytes) return;
            Mix(_block);
        }

        for (; bytes.Length >= BlockBytes; bytes = bytes[BlockBytes..]) Mix(bytes[..BlockBytes]);
        bytes.CopyTo(_block);
    }

    /// <summary>The hash of all bytes, as 64 hexadecimal digits in lower case. Nothing is appended afterwards.</summary>
    public string Finish()
    {
        Span<byte> end = stackalloc byte[2 * BlockBytes];
        end.Clear();
        end[0] = 0x80;
        int padding = BlockBytes - (int)((_length + sizeof(long)) % BlockBytes);
        BinaryPrimitives.WriteInt64BigEndian(end[padding..], _length * 8);
        Append(end[..(padding + sizeof(long))]);
        Span<byte> digest = stackalloc byte[8 * sizeof(uint)];
        for (int i = 0; i < _hash.Length; i++) BinaryPrimitives.WriteUInt32BigEndian(digest[(i * sizeof(uint))..], _hash[i]);
        return Convert.ToHexStringLower(digest);
    }

    private void Mix(ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[64];
        for (int i = 0; i < 16; i++) words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        for (int i = 16; i < 64; i++)
        {
            uint before = words[i - 15];
            uint last = words[i - 2];
            words[i] = words[i - 16] + (BitOperations.RotateRight(before, 7) ^ BitOperations.RotateRight(before, 18) ^ (before >> 3))
                + words[i - 7] + (BitOperations.RotateRight(last, 17) ^ BitOperations.RotateRight(last, 19) ^ (last >> 10));
        }

        (uint a, uint b, uint c, uint d) = (_hash[0], _hash[1], _hash[2], _hash[3]);
        (uint e, uint f, uint g, uint h) = (_hash[4], _hash[5], _hash[6], _hash[7]);
        ReadOnlySpan<uint> constants = Constants;
        for (int i = 0; i < words.Length; i++)
        {
            uint first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + constants[i] + words[i];
            uint second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e) = (g, f, e, d + first);
            (d, c, b, a) = (c, b, a, first + second);
        }

        (_hash[0], _hash[1], _hash[2], _hash[3]) = (_hash[0] + a, _hash[1] + b, _hash[2] + c, _hash[3] + d);
        (_hash[4], _hash[5], _hash[6], _hash[7]) = (_hash[4] + e, _hash[5] + f, _hash[6] + g, _hash[7] + h);
    }

    // The first 32 bits of the fractions of the roots of the first primes, which the standard takes its numbers from. A double has 52
    // bits, enough for those of roots below 32.
    private static uint[] Fractions(int count, Func<double, double> root) =>
        [.. Enumerable.Range(2, 400).Where(number => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0)).Take(count)
            .Select(prime => (uint)((root(prime) - Math.Floor(root(prime))) * 4294967296.0))];
}
