namespace PaliGguf.Imaging.Drawing;

/// <summary>What is drawn of annotations, and how large. The sizes that are null grow with the picture.</summary>
public sealed record AnnotationStyle
{
    /// <summary>Everything that is known, in sizes that fit the picture.</summary>
    public static AnnotationStyle Default { get; } = new();

    /// <summary>Whether boxes are drawn.</summary>
    public bool ShowBoxes { get; init; } = true;

    /// <summary>Whether labels are written.</summary>
    public bool ShowLabels { get; init; } = true;

    /// <summary>Whether scores are written behind the labels.</summary>
    public bool ShowScores { get; init; } = true;

    /// <summary>Whether masks and polygons are drawn.</summary>
    public bool ShowMasks { get; init; } = true;

    /// <summary>How much of the picture a mask hides, 0 (only its outline is seen) to 1.</summary>
    public float MaskOpacity { get; init; } = 0.42f;

    /// <summary>The width of a box's lines in pixels, at least 1. Null: 3 for a picture of 448 x 448 pixels, more for larger
    /// ones.</summary>
    public int? LineWidth { get; init; }

    /// <summary>The height of a capital letter in pixels, at least 7. Null: 10 for a picture of 448 x 448 pixels, more for larger
    /// ones.</summary>
    public int? LetterHeight { get; init; }

    /// <summary>
    /// How many times the picture is enlarged before anything is drawn on it, 1 to 16: so small pictures hold readable labels. 1 keeps its
    /// size.
    /// </summary>
    public int Enlargement { get; init; } = 1;

    internal void Check()
    {
        if (LineWidth is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(LineWidth), LineWidth, "A line is 1 to 1000 pixels wide.");
        if (LetterHeight is < 7 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(LetterHeight), LetterHeight, "A letter is 7 to 1000 pixels high.");
        if (Enlargement is < 1 or > 16)
            throw new ArgumentOutOfRangeException(nameof(Enlargement), Enlargement, "A picture is enlarged 1 to 16 times.");
        if (!(MaskOpacity is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(MaskOpacity), MaskOpacity, "An opacity is 0 to 1.");
    }
}
