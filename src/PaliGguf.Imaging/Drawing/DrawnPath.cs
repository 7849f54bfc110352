using SkiaSharp;

namespace PaliGguf.Imaging.Drawing;

/// <summary>An area or a line, in one colour: all that a drawing is made of.</summary>
/// <param name="Path">Where, in pixels of the picture.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Opacity">How much of what lies below it hides, 0 to 1.</param>
/// <param name="Stroke">The width of the line; 0 for the area inside.</param>
internal sealed record DrawnPath(SKPath Path, Colour Colour, float Opacity = 1, float Stroke = 0);
