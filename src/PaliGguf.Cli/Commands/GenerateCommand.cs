using System.CommandLine;
using PaliGguf.Cli.Models;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf generate --image IMAGE --prompt TEXT".</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        Option<string[]> images = new("--image") { Description = "A picture, or '-' for standard input; may be given several times.", HelpName = "IMAGE", Required = true };
        Option<string> prompt = Arguments.Prompt();
        return new Command("generate", "Answer any prompt about one picture or several.") { images, prompt }
            .Answers(parse => PictureSource.Files(parse.GetRequiredValue(images)), (parse, _) => parse.GetRequiredValue(prompt));
    }
}
