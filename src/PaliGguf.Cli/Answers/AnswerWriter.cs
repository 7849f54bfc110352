using PaliGguf.Cli.Terminals;
using PaliGguf.Language;

namespace PaliGguf.Cli.Answers;

/// <summary>Prints an answer while it is decoded, or as JSON when it is complete.</summary>
internal static class AnswerWriter
{
    /// <summary>Prints a running answer to its end.</summary>
    /// <returns>The whole answer, which may be a cancelled one.</returns>
    public static async Task<GenerationResult> WriteAsync(this Terminal terminal, Generation generation, bool json)
    {
        if (!json) await StreamAsync(terminal, generation);
        GenerationResult result = await generation.Result;
        if (json) terminal.WriteJson(AnswerJson.From(result), CliJson.Default.AnswerJson);
        return result;
    }

    private static async Task StreamAsync(Terminal terminal, Generation generation)
    {
        bool midLine = false;
        try
        {
            await foreach (GeneratedToken token in generation)
            {
                terminal.WriteAnswer(token.Text);
                midLine = true;
            }

            // An empty answer is a line as well.
            midLine = true;
        }
        catch (OperationCanceledException)
        {
            // What there is stays; the result tells that it was cancelled.
        }
        finally
        {
            if (midLine) terminal.WriteLine();
        }
    }
}
