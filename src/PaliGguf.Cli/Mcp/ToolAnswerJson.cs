using System.Text.Json.Serialization;
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

/// <summary>Answers about many pictures, in the order of their files.</summary>
internal sealed record ToolAnswersJson(IReadOnlyList<ToolFileAnswerJson> Answers);

/// <summary>An answer about a picture, or what is wrong with it.</summary>
internal sealed record ToolFileAnswerJson(
    string File,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error);
