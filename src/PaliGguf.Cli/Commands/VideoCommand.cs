using System.CommandLine;
using PaliGguf.Cli.Drawings;
using PaliGguf.Cli.Models;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf video FILE --prompt TEXT".</summary>
internal static class VideoCommand
{
    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A video (needs ffmpeg), an animated GIF or WebP, or a folder of pictures, which are taken in the order of their names." };
        Option<string> prompt = Arguments.Prompt();
        Option<int> frames = new("--frames") { Description = "How many evenly spaced frames to look at, 1 to 256. Default: 16.", HelpName = "N", DefaultValueFactory = _ => 16 };
        PathOption sheet = DrawingFile.Option("Draw the frames that were looked at as one sheet");
        return new Command("video", "Answer any prompt about a video.") { file, prompt, frames, sheet }
            .Answers(
                parse => PictureSource.Frames(parse.GetRequiredValue(file), Frames(parse.GetValue(frames))),
                (parse, _) => parse.GetRequiredValue(prompt),
                parse => parse.GetValue(sheet));
    }

    private static int Frames(int count) => count is >= 1 and <= 256 ? count : throw new UsageException($"--frames is {count}; expected 1 to 256.");
}
