using System.Collections.Immutable;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// A mask as COCO stores it: the lengths of runs outside and inside by turns, the first outside (0 when the first pixel is inside), column by
/// column from the left, each from the top. Immutable.
/// </summary>
public sealed class RunLengthMask
{
    private RunLengthMask(int width, int height, ImmutableArray<long> runs)
    {
        Width = width;
        Height = height;
        Runs = runs;
    }

    /// <summary>The width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>The height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>The lengths in pixels; their sum is <c>Width * Height</c>.</summary>
    public ImmutableArray<long> Runs { get; }

    /// <summary>The number of pixels inside the mask.</summary>
    public long Area => Runs.Where((_, index) => index % 2 == 1).Sum();

    /// <summary>The runs as COCO's "counts" text, byte for byte as pycocotools writes it.</summary>
    public string ToCounts() => RunLengthText.Write(Runs.AsSpan());

    /// <summary>Reads the "counts" text of a mask.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="counts">The text.</param>
    /// <exception cref="FormatException">The text is not one, or its runs do not make a picture of this size.</exception>
    public static RunLengthMask FromCounts(int width, int height, string counts) => FromRuns(width, height, RunLengthText.Read(counts));

    /// <summary>Makes a mask of runs.</summary>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="runs">The lengths, the first of them outside the mask.</param>
    /// <exception cref="FormatException">A length is negative, or the runs do not make a picture of this size.</exception>
    public static RunLengthMask FromRuns(int width, int height, IEnumerable<long> runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ImmutableArray<long> all = [.. runs];
        long left = (long)width * height;
        foreach (long run in all)
        {
            if (run < 0 || run > left) throw new FormatException($"A run of {run} does not fit a mask of {width} x {height} pixels.");
            left -= run;
        }

        if (left > 0) throw new FormatException($"The runs end {left} pixels before the end of a mask of {width} x {height}.");
        return new RunLengthMask(width, height, all);
    }

    /// <summary>One byte per pixel instead.</summary>
    /// <exception cref="ArgumentException">The mask has more pixels than an array can hold.</exception>
    public MaskBitmap ToBitmap()
    {
        byte[] pixels = MaskBitmap.Allocate(Width, Height);
        long position = 0;
        foreach ((int index, long run) in Runs.Index())
        {
            if (index % 2 == 1)
            {
                for (long pixel = position; pixel < position + run; pixel++) pixels[((pixel % Height) * Width) + (pixel / Height)] = 1;
            }

            position += run;
        }

        return new MaskBitmap(Width, Height, pixels);
    }

    /// <summary>For runs that are known to be sound.</summary>
    internal static RunLengthMask Create(int width, int height, ImmutableArray<long> runs) => new(width, height, runs);
}

/// <summary>Gathers the runs of a mask from its inner pixels, given in rising order.</summary>
internal sealed class RunLengthBuilder(int width, int height)
{
    private readonly ImmutableArray<long>.Builder _runs = ImmutableArray.CreateBuilder<long>();
    private long _runStart;
    private long _end;

    /// <summary>Puts a pixel into the mask: its number counted down the columns.</summary>
    public void Set(long pixel)
    {
        if (pixel == _end && _runs.Count > 0)
        {
            _end++;
            return;
        }

        if (_runs.Count > 0) _runs.Add(_end - _runStart);
        _runs.Add(pixel - _end);
        _runStart = pixel;
        _end = pixel + 1;
    }

    public RunLengthMask Complete()
    {
        long total = (long)width * height;
        if (_runs.Count > 0) _runs.Add(_end - _runStart);
        if (_end < total) _runs.Add(total - _end);
        return RunLengthMask.Create(width, height, _runs.ToImmutable());
    }
}
