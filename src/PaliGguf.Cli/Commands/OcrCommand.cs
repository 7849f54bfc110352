using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf ocr IMAGE".</summary>
internal static class OcrCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        return new Command("ocr", "Read the text in a picture.") { image }.Answers(image, (_, _) => Prompts.Ocr);
    }
}
