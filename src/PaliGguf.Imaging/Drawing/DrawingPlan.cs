using System.Globalization;
using System.Numerics;
using PaliGguf.Imaging.Drawing.Lettering;

namespace PaliGguf.Imaging.Drawing;

/// <summary>Where everything goes on a picture of a size: frames, shapes, labels and their colours.</summary>
internal sealed class DrawingPlan
{
    private const string RightToLeftMark = "\u200F";

    private readonly AnnotationStyle _style;
    private readonly int _width;
    private readonly int _height;

    public DrawingPlan(int width, int height, IReadOnlyList<Annotation> annotations, AnnotationStyle style)
    {
        (_width, _height, _style) = (width, height, style);
        Sizes = new DrawingSizes(width, height, style);
        TypeSize = TextLine.SizeOf(Sizes.Letter);
        Dictionary<string, Colour> colours = Palette.Assign(annotations.Select(annotation => annotation.Label));
        Placed = annotations.Select(annotation => Place(annotation, colours[annotation.Label])).ToArray();
        LabelPlacement places = new(width, height);
        foreach (PlacedAnnotation placed in Placed.Where(placed => placed.Line is not null)) placed.Field = Field(placed, places);
    }

    public DrawingSizes Sizes { get; }

    /// <summary>The size of type that all labels have, in pixels.</summary>
    public float TypeSize { get; }

    /// <summary>In the order that was given.</summary>
    public IReadOnlyList<PlacedAnnotation> Placed { get; }

    /// <summary>Where the base line of a label begins.</summary>
    public (float X, float Y) Origin(PlacedAnnotation placed) =>
        (placed.Field.Left + Sizes.Padding, placed.Field.Top + Sizes.Padding + Above(placed.Line!));

    /// <summary>From the base line up: a capital letter, or as much as higher letters and marks need beside the padding.</summary>
    private int Above(TextLine line) => Math.Max(Sizes.Letter, (int)MathF.Ceiling(-line.Ink.Top - (Sizes.Padding / 2f)));

    /// <summary>From the base line down: nothing, or as much as descenders and marks need beside the padding.</summary>
    private int Below(TextLine line) => Math.Max(0, (int)MathF.Ceiling(line.Ink.Bottom - (Sizes.Padding / 2f) - (0.15f * Sizes.Letter)));

    private int FieldHeight(TextLine line) => Above(line) + Below(line) + (2 * Sizes.Padding);

    private PlacedAnnotation Place(Annotation annotation, Colour colour)
    {
        bool seen = IsSeen(annotation.Box);
        return new PlacedAnnotation
        {
            Source = annotation,
            Colour = colour,
            Frame = seen && _style.ShowBoxes ? Frame(annotation.Box) : null,
            Shape = _style.ShowMasks ? Shape(annotation) : [],
            Line = seen ? Text(annotation) : null,
        };
    }

    private bool IsSeen(AnnotationBox box) =>
        box.XMax >= 0 && box.YMax >= 0 && box.XMin * _style.Enlargement <= _width && box.YMin * _style.Enlargement <= _height;

    /// <summary>A frame whose line lies on the box's edges, moved so far that line and halo are inside the picture.</summary>
    private Rectangle Frame(AnnotationBox box)
    {
        float half = Sizes.Line / 2f;
        (int left, int right) = Inside(box.XMin - half, box.XMax + half, _width);
        (int top, int bottom) = Inside(box.YMin - half, box.YMax + half, _height);
        return new Rectangle(left, top, right, bottom);
    }

    private (int From, int To) Inside(float from, float to, int length)
    {
        int least = Math.Min(Sizes.Halo, length / 2), most = length - least;
        int first = (int)Math.Clamp(MathF.Round(from * _style.Enlargement), least, most);
        int last = (int)Math.Clamp(MathF.Round(to * _style.Enlargement), least, most);

        // Nothing that was found may become too thin to be seen.
        int missing = Math.Min(Sizes.Line, most - least) - (last - first);
        if (missing > 0) (first, last) = last + missing <= most ? (first, last + missing) : (most - missing - (last - first), most);
        return (first, last);
    }

    private IReadOnlyList<IReadOnlyList<Vector2>> Shape(Annotation annotation)
    {
        IReadOnlyList<IReadOnlyList<Vector2>> rings = annotation.Polygons?.Where(ring => ring.Count > 2).ToArray()
            ?? (annotation.Mask is AnnotationMask mask ? MaskContours.Trace(mask) : (IReadOnlyList<IReadOnlyList<Vector2>>)[]);
        if (!rings.All(ring => ring.All(IsPlace))) throw new ArgumentException($"A polygon of '{annotation.Label}' has a point that is no place in a picture.");
        return _style.Enlargement == 1
            ? rings
            : rings.Select(ring => (IReadOnlyList<Vector2>)ring.Select(point => point * _style.Enlargement).ToArray()).ToArray();
    }

    private static bool IsPlace(Vector2 point) => Math.Abs(point.X) <= 1 << 24 && Math.Abs(point.Y) <= 1 << 24;

    /// <summary>Label and score as far as they fit the picture's width; the label is cut where they do not.</summary>
    private TextLine? Text(Annotation annotation)
    {
        string label = _style.ShowLabels ? LabelText.Clean(annotation.Label) : "";
        string score = _style.ShowScores && annotation.Score is float s ? s.ToString("0.00", CultureInfo.InvariantCulture) : "";
        if (label.Length + score.Length == 0) return null;
        TextLine whole = Shape(Join(label, score));
        if (Fits(whole)) return whole;

        int[] starts = StringInfo.ParseCombiningCharacters(label);
        (int fits, int tooMany, TextLine? best) = (0, starts.Length, null);
        while (tooMany - fits > 1)
        {
            int half = (fits + tooMany) / 2;
            TextLine cut = Shape(Join(label[..starts[half]].TrimEnd() + "…", score));
            if (Fits(cut)) (fits, best) = (half, cut);
            else tooMany = half;
        }

        if (best is not null || score.Length == 0) return best;
        TextLine alone = Shape(score);
        return Fits(alone) ? alone : null;
    }

    private TextLine Shape(string text) => TextLine.Shape(text, TypeSize);

    private bool Fits(TextLine line) => FieldWidth(line) + 2 <= _width && FieldHeight(line) <= _height;

    private int FieldWidth(TextLine line) => (int)MathF.Ceiling(line.Width) + (2 * Sizes.Padding);

    // The mark keeps a score on the side where the line ends, whatever the label's last word is.
    private static string Join(string label, string score) =>
        label.Length == 0 || score.Length == 0 ? label + score : $"{label}{(BidiLine.IsRightToLeft(label) ? RightToLeftMark : "")} {score}";

    private Rectangle Field(PlacedAnnotation placed, LabelPlacement places)
    {
        Rectangle box = placed.Frame ?? Frame(placed.Source.Box);
        return places.Place(box.Grown(Sizes.Halo), FieldWidth(placed.Line!), FieldHeight(placed.Line!));
    }
}
