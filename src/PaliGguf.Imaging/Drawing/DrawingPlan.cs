using System.Globalization;
using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>Where everything goes on a picture of a size: frames, shapes, labels and their colours.</summary>
internal sealed class DrawingPlan
{
    private readonly AnnotationStyle _style;
    private readonly int _width;
    private readonly int _height;

    public DrawingPlan(int width, int height, IReadOnlyList<Annotation> annotations, AnnotationStyle style)
    {
        (_width, _height, _style) = (width, height, style);
        Sizes = new DrawingSizes(width, height, style);
        Font = new StrokeFont(Sizes.Letter);
        Dictionary<string, Colour> colours = Palette.Assign(annotations.Select(annotation => annotation.Label));
        Placed = annotations.Select(annotation => Place(annotation, colours[annotation.Label])).ToArray();
        LabelPlacement places = new(width, height);
        foreach (PlacedAnnotation placed in Placed.Where(placed => placed.Text.Length > 0)) placed.Field = Field(placed, places);
    }

    public DrawingSizes Sizes { get; }

    public StrokeFont Font { get; }

    /// <summary>In the order that was given.</summary>
    public IReadOnlyList<PlacedAnnotation> Placed { get; }

    /// <summary>The row of pixels that the text of a field stands on.</summary>
    public int BaseLine(Rectangle field) => field.Top + Sizes.Padding + (int)(Font.PenWidth / 2) + Sizes.Letter;

    private int FieldHeight => Sizes.Letter + (2 * Sizes.Padding) + (int)MathF.Ceiling(Font.PenWidth);

    private PlacedAnnotation Place(Annotation annotation, Colour colour)
    {
        bool seen = IsSeen(annotation.Box);
        return new PlacedAnnotation
        {
            Source = annotation,
            Colour = colour,
            Frame = seen && _style.ShowBoxes ? Frame(annotation.Box) : null,
            Shape = _style.ShowMasks ? Shape(annotation) : [],
            Text = seen ? Text(annotation) : "",
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
    private string Text(Annotation annotation)
    {
        string label = _style.ShowLabels ? string.Concat(annotation.Label.Select(c => char.IsControl(c) ? ' ' : c)).Trim() : "";
        string score = _style.ShowScores && annotation.Score is float s ? s.ToString("0.00", CultureInfo.InvariantCulture) : "";
        string text = Join(label, score);
        int most = _width - (2 * Sizes.Padding) - 2;
        if (FieldHeight > _height) return "";
        if (text.Length == 0 || Font.Measure(text) <= most) return text;

        int[] starts = StringInfo.ParseCombiningCharacters(label);
        int fits = 0, tooMany = starts.Length;
        while (tooMany - fits > 1)
        {
            int half = (fits + tooMany) / 2;
            (fits, tooMany) = Font.Measure(Cut(half)) <= most ? (half, tooMany) : (fits, half);
        }

        return fits > 0 ? Cut(fits) : Font.Measure(score) <= most ? score : "";

        string Cut(int characters) => Join(label[..starts[characters]].TrimEnd() + "…", score);
    }

    private static string Join(string label, string score) => label.Length == 0 || score.Length == 0 ? label + score : $"{label} {score}";

    private Rectangle Field(PlacedAnnotation placed, LabelPlacement places)
    {
        Rectangle box = placed.Frame ?? Frame(placed.Source.Box);
        return places.Place(box.Grown(Sizes.Halo), Font.Measure(placed.Text) + (2 * Sizes.Padding), FieldHeight);
    }
}
