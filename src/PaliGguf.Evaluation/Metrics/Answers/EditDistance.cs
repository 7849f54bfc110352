using System.Runtime.InteropServices;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>Levenshtein's distance: how many insertions, deletions and replacements make one sequence the other.</summary>
/// <remarks>
/// Myers, "A fast bit-vector algorithm for approximate string matching based on dynamic programming", 1999, in Hyyrö's form, by blocks of
/// 64 rows: a column of the table is two long numbers, whose bits are the rows at which it grows and falls.
/// </remarks>
internal static class EditDistance
{
    private const int Bits = 64;

    public static int Of(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        int start = one.CommonPrefixLength(other);
        one = one[start..];
        other = other[start..];
        while (!one.IsEmpty && !other.IsEmpty && one[^1] == other[^1])
        {
            one = one[..^1];
            other = other[..^1];
        }

        if (one.IsEmpty || other.IsEmpty) return one.Length + other.Length;
        return new Column(one).Distance(other);
    }

    private sealed class Column
    {
        private readonly Dictionary<int, ulong[]> _places = [];
        private readonly ulong[] _none;
        private readonly ulong[] _grows;
        private readonly ulong[] _falls;
        private readonly int _rows;

        public Column(ReadOnlySpan<int> rows)
        {
            int blocks = (rows.Length + Bits - 1) / Bits;
            _rows = rows.Length;
            _none = new ulong[blocks];
            _grows = new ulong[blocks];
            _falls = new ulong[blocks];
            Array.Fill(_grows, ulong.MaxValue);
            for (int i = 0; i < rows.Length; i++)
            {
                ref ulong[]? places = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, rows[i], out _);
                places ??= new ulong[blocks];
                places[i / Bits] |= 1UL << (i % Bits);
            }
        }

        public int Distance(ReadOnlySpan<int> columns)
        {
            int distance = _rows;
            foreach (int symbol in columns) distance += Advance(_places.GetValueOrDefault(symbol, _none));
            return distance;
        }

        // What the last row grows by from one column to the next; the first row grows by one.
        private int Advance(ulong[] places)
        {
            int carry = 1;
            for (int block = 0; block < _grows.Length; block++)
            {
                ulong last = 1UL << (block < _grows.Length - 1 ? Bits - 1 : (_rows - 1) % Bits);
                carry = Advance(block, places[block], carry, last);
            }

            return carry;
        }

        private int Advance(int block, ulong places, int carry, ulong last)
        {
            ulong grows = _grows[block];
            ulong falls = _falls[block];
            ulong vertical = places | falls;
            ulong equal = carry < 0 ? places | 1 : places;
            ulong diagonal = (((equal & grows) + grows) ^ grows) | equal;
            ulong right = falls | ~(diagonal | grows);
            ulong left = grows & diagonal;
            int next = (right & last) != 0 ? 1 : (left & last) != 0 ? -1 : 0;
            right = (right << 1) | (carry > 0 ? 1UL : 0);
            left = (left << 1) | (carry < 0 ? 1UL : 0);
            _grows[block] = left | ~(vertical | right);
            _falls[block] = right & vertical;
            return next;
        }
    }
}
