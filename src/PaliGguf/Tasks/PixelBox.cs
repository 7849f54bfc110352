using System.Globalization;

namespace PaliGguf.Tasks;

/// <summary>A box in pixels of the original picture, whatever size the model saw; (0, 0) is the upper left corner of the first pixel.</summary>
/// <param name="XMin">The left side.</param>
/// <param name="YMin">The upper side.</param>
/// <param name="XMax">The right side, at most the picture's width.</param>
/// <param name="YMax">The lower side, at most the picture's height.</param>
public readonly record struct PixelBox(float XMin, float YMin, float XMax, float YMax)
{
    /// <summary>The width in pixels.</summary>
    public float Width => XMax - XMin;

    /// <summary>The height in pixels.</summary>
    public float Height => YMax - YMin;

    /// <summary>Its corners in whole pixels: "(147, 45) to (230, 120)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({XMin:F0}, {YMin:F0}) to ({XMax:F0}, {YMax:F0})");

    /// <summary>The box as a fraction of a picture.</summary>
    /// <param name="width">The picture's width in pixels.</param>
    /// <param name="height">The picture's height in pixels.</param>
    public NormalizedBox ToNormalized(int width, int height) => new(YMin / height, XMin / width, YMax / height, XMax / width);
}
