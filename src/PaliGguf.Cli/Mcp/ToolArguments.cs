using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace PaliGguf.Cli.Mcp;

/// <summary>What all tools are told: the picture.</summary>
internal abstract record PictureArguments
{
    [Description("The picture's file: JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP, as a path or a file:// URI. Relative to the first folder "
        + "that the server may read. Either this or 'image'.")]
    public string? Path { get; init; }

    [Description("The picture itself, instead of a path: the bytes of such a file in base64, or a data URL of them.")]
    public string? Image { get; init; }
}

/// <summary>A picture, and nothing else.</summary>
internal sealed record PictureOnlyArguments : PictureArguments;

/// <summary>A picture to be described.</summary>
internal sealed record CaptionArguments : PictureArguments
{
    [Description("The caption's language as a code: en, de, th, ... Default: the server's, usually en.")]
    public string? Language { get; init; }
}

/// <summary>A picture and a question.</summary>
internal sealed record QuestionArguments : PictureArguments
{
    [Description("A short question about the picture, in the language of the answer.")]
    public required string Question { get; init; }

    [Description("The language of question and answer as a code: en, de, th, ... Default: the server's, usually en.")]
    public string? Language { get; init; }
}

/// <summary>A picture and what to look for.</summary>
internal sealed record InstanceArguments : PictureArguments
{
    [Description("What to look for, in one or a few words each: [\"cat\", \"red car\"].")]
    [MinLength(1)]
    public required IReadOnlyList<string> Objects { get; init; }

    [Description("Leave out what has a lower score.")]
    [Range(0.0, 1.0)]
    public float? MinScore { get; init; }

    [Description("Of two boxes of one thing that overlap more than this (intersection over union), keep the one with the higher score. Default: keep all.")]
    [Range(0.0, 1.0)]
    public float? MaxOverlap { get; init; }

    [Description("True to get the picture back as well, with what was found drawn into it.")]
    public bool? Annotate { get; init; }
}
