using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Settings;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Mcp;

/// <summary>A tool whose result is the answer to a prompt.</summary>
internal sealed class AnswerTool<TArguments>(
    ToolBench bench, JsonTypeInfo<TArguments> arguments, string name, string title, string description, Func<TArguments, string, string> prompt)
    : PictureTool<TArguments>(bench, arguments, McpJson.Readable.ToolAnswerJson, name, title, description)
    where TArguments : PictureArguments
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly UserSettings _settings = bench.Settings;

    protected override void Check(TArguments arguments) => prompt(arguments, _settings.Lang);

    protected override async Task<CallToolResult> LookAsync(PaliModel model, RgbImage picture, TArguments arguments, ToolProgress progress, CancellationToken cancellationToken)
    {
        GenerationRequest request = _settings.Request(prompt(arguments, _settings.Lang), stop: []) with { Images = [picture] };
        Generation generation = model.GenerateAsync(request, cancellationToken);
        long told = Stopwatch.GetTimestamp();
        int tokens = 0;
        await foreach (GeneratedToken _ in generation)
        {
            tokens++;
            if (Stopwatch.GetElapsedTime(told) < Period) continue;
            told = Stopwatch.GetTimestamp();
            await progress.ReportAsync(1 + ((float)tokens / request.MaxTokens), $"token {tokens}", cancellationToken);
        }

        ToolAnswerJson answer = ToolAnswerJson.From(await generation.Result);
        return Result(answer.Text, JsonSerializer.SerializeToElement(answer, McpJson.Readable.ToolAnswerJson));
    }
}

/// <summary>The tools whose result is text.</summary>
internal static class AnswerTools
{
    public static AnswerTool<CaptionArguments> Caption(ToolBench bench) => new(
        bench, McpJson.Readable.CaptionArguments, "caption_image", "Caption a picture", "Describe a picture in one sentence.",
        (arguments, language) => Prompts.Caption(arguments.Language ?? language));

    public static AnswerTool<QuestionArguments> Ask(ToolBench bench) => new(
        bench, McpJson.Readable.QuestionArguments, "ask_image", "Ask about a picture", "Answer a short question about a picture, in a word or a few.",
        (arguments, language) => Prompts.Answer(arguments.Question, arguments.Language ?? language));

    public static AnswerTool<PictureOnlyArguments> ReadText(ToolBench bench) => new(
        bench, McpJson.Readable.PictureOnlyArguments, "read_text", "Read the text in a picture", "Read the text that is in a picture (OCR); empty where there is none.",
        (_, _) => Prompts.Ocr);
}
