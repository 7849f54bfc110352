using System.CommandLine;

namespace PaliGguf.Cli.Commands;

/// <summary>Arguments that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Labels() => new("LABELS") { Description = "What to look for; several things as \"cat ; dog\"." };

    public static Argument<string> Image() => new("IMAGE") { Description = "The picture: JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP; '-' reads it from standard input." };
}
