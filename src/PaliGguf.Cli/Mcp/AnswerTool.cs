using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Settings;
using PaliGguf.Language;

namespace PaliGguf.Cli.Mcp;

/// <summary>A tool whose result is the answer to a prompt.</summary>
internal sealed class AnswerTool<TArguments>(
    ToolBench bench, JsonTypeInfo<TArguments> arguments, string name, string title, string description,
    Func<TArguments, CancellationToken, Task<RgbImage[]>> read, Func<TArguments, string, string> prompt)
    : ModelTool<TArguments>(bench, arguments, McpJson.Readable.ToolAnswerJson, name, title, description)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    private readonly UserSettings _settings = bench.Settings;

    protected override void Check(TArguments arguments) => prompt(arguments, _settings.Lang);

    protected override Task<RgbImage[]> ReadAsync(TArguments arguments, CancellationToken cancellationToken) => read(arguments, cancellationToken);

    protected override async Task<CallToolResult> LookAsync(
        PaliModel model, IReadOnlyList<RgbImage> pictures, TArguments arguments, ToolProgress progress, CancellationToken cancellationToken)
    {
        GenerationRequest request = _settings.Request(prompt(arguments, _settings.Lang), stop: []) with { Images = pictures };
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
