namespace PaliGguf.Scenes;

/// <summary>How much a scene asks of who looks at it.</summary>
internal enum Difficulty
{
    /// <summary>One or two upright things side by side on plain colours, words in capitals.</summary>
    Easy,

    /// <summary>Some of everything.</summary>
    Middle,

    /// <summary>What the targets are measured on.</summary>
    Hard,
}

/// <summary>The bounds of what is drawn at random.</summary>
internal sealed record SceneRules
{
    /// <summary>How often a scene has a word, where nothing else is asked for.</summary>
    public const double UsualWords = 0.22;

    /// <summary>How often a scene has one, two, three and four things.</summary>
    public required double[] Counts { get; init; }

    /// <summary>The longer side of a thing as a part of the picture's, at least.</summary>
    public required double SmallestSide { get; init; }

    /// <summary>How far a thing may be turned, in degrees.</summary>
    public required double Turn { get; init; }

    /// <summary>The part of a thing that is seen at least: others may cover it, and the picture's sides cut it.</summary>
    public required double Visible { get; init; }

    /// <summary>How much of a thing's colours is left at least.</summary>
    public required double Saturation { get; init; }

    /// <summary>How often the background has a texture.</summary>
    public required double Texture { get; init; }

    /// <summary>How often things throw shadows.</summary>
    public required double Shadow { get; init; }

    /// <summary>How often there is noise, and its most, of 255.</summary>
    public required (double Chance, double Most) Noise { get; init; }

    /// <summary>How often the picture is out of focus, and its most as a part of its side.</summary>
    public required (double Chance, double Most) Blur { get; init; }

    /// <summary>The least quality of the JPEG file.</summary>
    public required int Quality { get; init; }

    /// <summary>How often words are in small letters, or have a capital alone.</summary>
    public required double SmallLetters { get; init; }

    /// <summary>How often a scene has a word.</summary>
    public double Words { get; init; } = UsualWords;

    public static SceneRules Of(Difficulty difficulty) => difficulty switch
    {
        Difficulty.Easy => new SceneRules
        {
            Counts = [0.5, 0.5, 0, 0],
            SmallestSide = 0.28,
            Turn = 8,
            Visible = 0.98,
            Saturation = 1,
            Texture = 0.1,
            Shadow = 0,
            Noise = (0.2, 4),
            Blur = (0, 0),
            Quality = 90,
            SmallLetters = 0.2,
        },
        Difficulty.Middle => new SceneRules
        {
            Counts = [0.3, 0.3, 0.25, 0.15],
            SmallestSide = 0.24,
            Turn = 16,
            Visible = 0.9,
            Saturation = 0.85,
            Texture = 0.5,
            Shadow = 0.3,
            Noise = (0.4, 8),
            Blur = (0.1, 0.002),
            Quality = 75,
            SmallLetters = 0.5,
        },
        _ => new SceneRules
        {
            Counts = [0.22, 0.3, 0.26, 0.22],
            SmallestSide = 0.2,
            Turn = 30,
            Visible = 0.72,
            Saturation = 0.65,
            Texture = 0.8,
            Shadow = 0.5,
            Noise = (0.5, 12),
            Blur = (0.25, 0.004),
            Quality = 50,
            SmallLetters = 0.5,
        },
    };
}
