using System.CommandLine;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf ask IMAGE QUESTION".</summary>
internal static class AskCommand
{
    public static Command Create()
    {
        Argument<string> image = Arguments.Image();
        Argument<string> question = new("QUESTION") { Description = "The question, in the language of the answer." };
        return new Command("ask", "Answer a question about a picture.") { image, question }
            .Answers(image, (parse, language) => Prompts.Answer(Asked(parse.GetRequiredValue(question)), language));
    }

    private static string Asked(string question) =>
        string.IsNullOrWhiteSpace(question) ? throw new UsageException("the question is empty.") : question;
}
