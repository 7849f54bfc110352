using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf segment IMAGE LABELS".</summary>
internal static class SegmentCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        Argument<string> labels = new("LABELS") { Description = "What to look for; several things as \"cat ; dog\"." };
        return new Command("segment", "Print the outlines of things in a picture, as the model's own text.") { image, labels }
            .Answers(image, (parse, _) => Prompts.Segment(parse.GetRequiredValue(labels).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
    }
}
