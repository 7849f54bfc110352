namespace PaliGguf.Tasks.Masks;

/// <summary>The connected parts of a bitmap: horizontal runs of pixels, joined where runs of neighbouring rows share a side.</summary>
internal sealed class MaskParts
{
    private readonly List<(int Start, int End)> _runs = [];
    private readonly List<int> _parents = [];
    private readonly int[] _rows;

    public MaskParts(MaskBitmap bitmap)
    {
        _rows = new int[bitmap.Height + 1];
        for (int y = 0; y < bitmap.Height; y++)
        {
            FindRuns(bitmap.Pixels.Slice(y * bitmap.Width, bitmap.Width));
            _rows[y + 1] = _runs.Count;
            if (y > 0) JoinRows(_rows[y - 1], _rows[y], _rows[y + 1]);
        }
    }

    /// <summary>What identifies the part that a pixel of the mask belongs to.</summary>
    public int Of(int x, int y)
    {
        int low = _rows[y];
        int high = _rows[y + 1] - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_runs[middle].Start <= x) low = middle;
            else high = middle - 1;
        }

        return Root(low);
    }

    private void FindRuns(ReadOnlySpan<byte> row)
    {
        int x = 0;
        while (x < row.Length)
        {
            int start = row[x..].IndexOf((byte)1);
            if (start < 0) return;
            start += x;
            int length = row[start..].IndexOf((byte)0);
            x = length < 0 ? row.Length : start + length;
            _parents.Add(_runs.Count);
            _runs.Add((start, x));
        }
    }

    private void JoinRows(int above, int below, int end)
    {
        int upper = above;
        int lower = below;
        while (upper < below && lower < end)
        {
            if (_runs[upper].Start < _runs[lower].End && _runs[lower].Start < _runs[upper].End) _parents[Root(lower)] = Root(upper);
            if (_runs[upper].End < _runs[lower].End) upper++;
            else lower++;
        }
    }

    private int Root(int run)
    {
        while (_parents[run] != run)
        {
            _parents[run] = _parents[_parents[run]];
            run = _parents[run];
        }

        return run;
    }
}
