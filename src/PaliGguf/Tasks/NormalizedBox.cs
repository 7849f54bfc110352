namespace PaliGguf.Tasks;

/// <summary>A box as a fraction of the picture: 0 is its upper or left side, 1 its lower or right side.</summary>
/// <param name="YMin">The upper side.</param>
/// <param name="XMin">The left side.</param>
/// <param name="YMax">The lower side.</param>
/// <param name="XMax">The right side.</param>
public readonly record struct NormalizedBox(float YMin, float XMin, float YMax, float XMax)
{
    /// <summary>The highest number of a location token: "&lt;loc1023&gt;" is the lower or right side of the picture.</summary>
    public const int LastBin = 1023;

    /// <summary>The box of four location tokens, in the order of an answer.</summary>
    /// <param name="yMin">The number of the first, 0 to 1023.</param>
    /// <param name="xMin">The number of the second, 0 to 1023.</param>
    /// <param name="yMax">The number of the third, 0 to 1023.</param>
    /// <param name="xMax">The number of the fourth, 0 to 1023.</param>
    public static NormalizedBox FromBins(int yMin, int xMin, int yMax, int xMax) =>
        new((float)yMin / LastBin, (float)xMin / LastBin, (float)yMax / LastBin, (float)xMax / LastBin);

    /// <summary>
    /// The numbers of the four location tokens that stand for the box, in the order of an answer. As big_vision's preprocessing makes them: in
    /// 32-bit floats, rounded to the nearest (ties to the even one), and then held to 0 to 1023.
    /// </summary>
    /// <exception cref="ArgumentException">A side is not a number.</exception>
    public int[] ToBins() => [Bin(YMin), Bin(XMin), Bin(YMax), Bin(XMax)];

    /// <summary>The box in a picture.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public PixelBox ToPixels(int width, int height) => new(XMin * width, YMin * height, XMax * width, YMax * height);

    /// <summary>How much two boxes have in common: the area of their intersection over that of their union, 0 to 1.</summary>
    public float IntersectionOverUnion(NormalizedBox other)
    {
        float height = MathF.Min(YMax, other.YMax) - MathF.Max(YMin, other.YMin);
        float width = MathF.Min(XMax, other.XMax) - MathF.Max(XMin, other.XMin);
        if (height <= 0 || width <= 0) return 0;
        float intersection = height * width;
        return intersection / (Area + other.Area - intersection);
    }

    private static int Bin(float side) => float.IsNaN(side)
        ? throw new ArgumentException("A side of the box is not a number.")
        : (int)Math.Clamp(MathF.Round(side * LastBin), 0, LastBin);

    private float Area => (YMax - YMin) * (XMax - XMin);
}
