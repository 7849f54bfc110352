namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>A box as COCO's files have it, in pixels.</summary>
/// <param name="X">The left side.</param>
/// <param name="Y">The upper side.</param>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
public readonly record struct CocoBox(double X, double Y, double Width, double Height) : ICocoShape<CocoBox>
{
    /// <inheritdoc/>
    public double Area => Width * Height;

    /// <inheritdoc/>
    public double Overlap(CocoBox truth, bool isCrowd)
    {
        double width = Math.Min(X + Width, truth.X + truth.Width) - Math.Max(X, truth.X);
        double height = Math.Min(Y + Height, truth.Y + truth.Height) - Math.Max(Y, truth.Y);
        if (!(width > 0 && height > 0)) return 0;
        double common = width * height;
        return common / (isCrowd ? Area : Area + truth.Area - common);
    }
}
