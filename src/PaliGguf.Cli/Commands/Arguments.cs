using System.CommandLine;

namespace PaliGguf.Cli.Commands;

/// <summary>Arguments, and one required option, that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Labels() => new("LABELS") { Description = "What to look for; several things as \"cat ; dog\"." };

    /// <summary>The name of the argument that is one picture.</summary>
    public const string ImageName = "IMAGE";

    public static Argument<string> Image() => new(ImageName)
    {
        Description = "The picture: JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP; '-' reads it from standard input.",
    };

    public static Option<string> Prompt() => new("--prompt")
    {
        Description = "The prompt, exactly as the model is to see it.",
        HelpName = "TEXT",
        Required = true,
    };
}
