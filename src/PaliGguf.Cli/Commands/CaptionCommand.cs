using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf caption IMAGE".</summary>
internal static class CaptionCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        return new Command("caption", "Describe a picture in a sentence.") { image }.Answers(image, (_, language) => Prompts.Caption(language));
    }
}
