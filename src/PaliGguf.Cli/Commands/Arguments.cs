using System.CommandLine;

namespace PaliGguf.Cli.Commands;

/// <summary>Arguments, and one required option, that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Labels() => new("LABELS") { Description = "What to look for; several things as \"cat ; dog\"." };

    public static Argument<string> Image() => new("IMAGE") { Description = "The picture: JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP; '-' reads it from standard input." };

    public static Option<string> Prompt() => new("--prompt") { Description = "The prompt, exactly as the model is to see it.", HelpName = "TEXT", Required = true };
}
