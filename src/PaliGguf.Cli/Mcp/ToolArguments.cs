using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

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

/// <summary>A picture or several, and a prompt.</summary>
internal sealed record PromptArguments : PictureArguments
{
    [Description("Several pictures that are looked at together, in place of one: their files, as paths or file:// URIs.")]
    public IReadOnlyList<string>? Paths { get; init; }

    [Description("The prompt, exactly as the model is to see it: caption en, answer en what is this?, or what it was trained with.")]
    public required string Prompt { get; init; }
}

/// <summary>A video and a prompt.</summary>
internal sealed record VideoArguments
{
    [Description("The file of a video, or of an animated GIF or WebP, as a path or a file:// URI. Relative to the first folder that the "
        + "server may read.")]
    public required string Path { get; init; }

    [Description("The prompt, exactly as the model is to see it after the frames.")]
    public required string Prompt { get; init; }

    [Description("How many evenly spaced frames to look at, 1 to 256. Default: 16, or as many pictures as the server has room for.")]
    [Range(1, 256)]
    public int? Frames { get; init; }
}

/// <summary>Answers to choose from.</summary>
internal sealed record ChoiceArguments : PictureArguments
{
    [Description("The prompt, exactly as the model is to see it: answer en is there a cat?")]
    public required string Prompt { get; init; }

    [Description("The answers to choose from, one or more, all different: [\"yes\", \"no\"].")]
    [MinLength(1)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "It is read for the schema; nothing is counted.")]
    public required IReadOnlyList<string> Answers { get; init; }
}

/// <summary>Many pictures, and one prompt for each.</summary>
internal sealed record EachArguments
{
    [Description("The pictures' files, and folders whose pictures are meant, as paths or file:// URIs. Relative to the first folder that "
        + "the server may read.")]
    [MinLength(1)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "It is read for the schema; nothing is counted.")]
    public required IReadOnlyList<string> Paths { get; init; }

    [Description("The prompt, exactly as the model is to see it with each picture. Default: that of a caption.")]
    public string? Prompt { get; init; }

    [Description("The language of the captions, where there is no prompt, as a code: en, de, th, ... Default: the server's, usually en.")]
    public string? Language { get; init; }
}

/// <summary>A picture and what to look for.</summary>
internal sealed record InstanceArguments : PictureArguments
{
    [Description("What to look for, in one or a few words each: [\"cat\", \"red car\"].")]
    [MinLength(1)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "It is read for the schema; nothing is counted.")]
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
