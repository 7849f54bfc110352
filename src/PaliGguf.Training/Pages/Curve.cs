namespace PaliGguf.Training.Pages;

/// <summary>
/// A value over the steps of a run, however long: where points become too many, each two become their mean, so that a page stays small.
/// </summary>
internal sealed class Curve
{
    /// <summary>The most points that there ever are.</summary>
    public const int MostPoints = 512;

    private readonly List<CurvePoint> _points = [];
    private CurvePoint? _begun;
    private int _together = 1, _count;

    /// <summary>The points, from left to right: of several steps their mean, at the last of them.</summary>
    public IEnumerable<CurvePoint> Points => _begun is { } begun ? _points.Append(begun) : _points;

    /// <summary>Adds a point, to the right of all others.</summary>
    public void Add(long step, double value)
    {
        double sum = ((_begun?.Value ?? 0) * _count) + value;
        _begun = new CurvePoint(step, sum / ++_count);
        if (_count < _together) return;
        _points.Add(_begun.Value);
        (_begun, _count) = (null, 0);
        if (_points.Count < MostPoints) return;
        CurvePoint[] halves = [.. _points.Chunk(2).Select(pair => new CurvePoint(pair[1].Step, (pair[0].Value + pair[1].Value) / 2))];
        _points.Clear();
        _points.AddRange(halves);
        _together *= 2;
    }
}

/// <summary>A point of a curve.</summary>
/// <param name="Step">The steps that were done.</param>
/// <param name="Value">The value then.</param>
internal readonly record struct CurvePoint(long Step, double Value);
