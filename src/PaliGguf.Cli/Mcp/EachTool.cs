using System.Text.Json;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Mcp;

/// <summary>The tool that asks the same about each of many pictures.</summary>
internal sealed class EachTool(ToolBench bench) : ModelTool<EachArguments>(
    bench, McpJson.Readable.EachArguments, McpJson.Readable.ToolAnswersJson, "ask_each", "Ask the same about many pictures",
    "Answer one prompt about each of many pictures; without a prompt, caption each. A picture that can not be read has an error in place of its text.")
{
    private readonly ToolPictures _pictures = bench.Pictures;
    private readonly UserSettings _settings = bench.Settings;

    protected override void Check(EachArguments arguments) => PromptOf(arguments);

    // One after the other, when the model is there.
    protected override Task<RgbImage[]> ReadAsync(EachArguments arguments, CancellationToken cancellationToken) => Task.FromResult<RgbImage[]>([]);

    protected override async Task<CallToolResult> LookAsync(
        PaliModel model, IReadOnlyList<RgbImage> pictures, EachArguments arguments, ToolProgress progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> files = _pictures.Files(arguments.Paths, cancellationToken);
        GenerationRequest request = _settings.Request(PromptOf(arguments), stop: []);
        List<ToolFileAnswerJson> answers = [];
        await foreach (EachOutcome<string> outcome in model.AnswerEachAsync(files, request, _pictures.ReadAsync, cancellationToken))
        {
            answers.Add(new ToolFileAnswerJson(
                outcome.Item, outcome.Result?.Text, outcome.Failure is { } failure ? ErrorLine.Message(failure) : null));
            await progress.ReportAsync(1 + ((float)answers.Count / files.Count), $"picture {answers.Count} of {files.Count}", cancellationToken);
        }

        JsonElement structured = JsonSerializer.SerializeToElement(new ToolAnswersJson(answers), McpJson.Readable.ToolAnswersJson);
        return Result(structured.GetRawText(), structured);
    }

    private string PromptOf(EachArguments arguments) => arguments.Prompt ?? Prompts.Caption(arguments.Language ?? _settings.Lang);
}
