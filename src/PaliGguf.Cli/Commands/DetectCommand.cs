using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf detect IMAGE LABELS".</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        Argument<string> labels = new("LABELS") { Description = "What to look for; several things as \"cat ; dog\"." };
        return new Command("detect", "Print the boxes of things in a picture, as the model's own text.") { image, labels }
            .Answers(image, (parse, _) => Prompts.Detect(parse.GetRequiredValue(labels).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
    }
}
