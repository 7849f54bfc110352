using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>
/// The mask of an object as a data set tells it, by polygons or by runs. It is checked when it is read and filled when it is needed: the
/// runs of a polygon of four corners are a thousand times as large, and a data set has hundreds of thousands of them.
/// </summary>
public sealed class ObjectMask
{
    private readonly IReadOnlyList<IReadOnlyList<double>>? _polygons;
    private readonly string? _counts;

    private ObjectMask(int width, int height, IReadOnlyList<IReadOnlyList<double>>? polygons, string? counts)
    {
        Width = width;
        Height = height;
        _polygons = polygons;
        _counts = counts;
    }

    /// <summary>The picture's width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>The picture's height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>A mask of runs.</summary>
    /// <param name="runs">They.</param>
    public static ObjectMask Of(RunLengthMask runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return new ObjectMask(runs.Width, runs.Height, polygons: null, runs.ToCounts());
    }

    /// <summary>A mask of polygons.</summary>
    /// <inheritdoc cref="PolygonMask.Fill" path="/param|/exception"/>
    public static ObjectMask Of(int width, int height, IReadOnlyList<IReadOnlyList<double>> polygons)
    {
        PolygonMask.Check(width, height, polygons);
        return new ObjectMask(width, height, polygons, counts: null);
    }

    /// <summary>The mask's runs, made anew each time.</summary>
    public RunLengthMask ToRuns() =>
        _polygons is null ? RunLengthMask.FromCounts(Width, Height, _counts!) : PolygonMask.Fill(Width, Height, _polygons);

    /// <summary>One byte per pixel.</summary>
    /// <exception cref="ArgumentException">The mask has more pixels than an array can hold.</exception>
    public MaskBitmap ToBitmap() => ToRuns().ToBitmap();
}
