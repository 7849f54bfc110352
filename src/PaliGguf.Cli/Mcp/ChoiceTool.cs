using System.Text.Json;
using ModelContextProtocol.Protocol;
using PaliGguf.Language;

namespace PaliGguf.Cli.Mcp;

/// <summary>The tool that tells how probable each of some answers is.</summary>
internal sealed class ChoiceTool(ToolBench bench) : ModelTool<ChoiceArguments>(
    bench, McpJson.Readable.ChoiceArguments, McpJson.Readable.ChoicesJson, "choose_answer", "Choose between answers",
    "Tell how probable each of some given answers to a prompt about a picture is: probabilities that sum to 1.")
{
    private readonly ToolPictures _pictures = bench.Pictures;

    protected override void Check(ChoiceArguments arguments)
    {
        if (arguments.Answers.Count == 0) throw FieldException.Missing("answers", "a list of texts");
    }

    protected override Task<RgbImage[]> ReadAsync(ChoiceArguments arguments, CancellationToken cancellationToken) =>
        _pictures.ReadOneAsync(arguments, cancellationToken);

    protected override async Task<CallToolResult> LookAsync(
        PaliModel model, IReadOnlyList<RgbImage> pictures, ChoiceArguments arguments, ToolProgress progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<Choice> choices = await model.ChooseAsync(pictures, arguments.Prompt, arguments.Answers, cancellationToken: cancellationToken);
        JsonElement structured = JsonSerializer.SerializeToElement(ChoicesJson.From(choices), McpJson.Readable.ChoicesJson);
        return Result(structured.GetRawText(), structured);
    }
}
