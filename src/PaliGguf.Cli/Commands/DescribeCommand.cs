using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf describe IMAGE".</summary>
internal static class DescribeCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        return new Command("describe", "Describe a picture at length.") { image }.Answers(image, (_, language) => Prompts.Describe(language));
    }
}
