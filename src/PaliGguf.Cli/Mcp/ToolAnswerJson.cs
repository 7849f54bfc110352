using PaliGguf.Language;

namespace PaliGguf.Cli.Mcp;

/// <summary>An answer as tools give it: what <see cref="AnswerJson"/> has, without the tokens, which an agent would have to read.</summary>
internal sealed record ToolAnswerJson(string Text, string FinishReason, AnswerTimingsJson Timings)
{
    public static ToolAnswerJson From(GenerationResult result)
    {
        AnswerJson answer = AnswerJson.From(result);
        return new ToolAnswerJson(answer.Text, answer.FinishReason, answer.Timings);
    }
}
