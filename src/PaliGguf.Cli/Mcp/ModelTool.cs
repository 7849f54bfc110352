using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PaliGguf.Cli.Terminals;

namespace PaliGguf.Cli.Mcp;

/// <summary>A tool that looks at pictures. Whatever goes wrong is a result that says so, for the agent to read; the server lives on.</summary>
/// <typeparam name="TArguments">What it is told.</typeparam>
internal abstract class ModelTool<TArguments> : McpServerTool
{
    private readonly ToolBench _bench;
    private readonly JsonTypeInfo<TArguments> _arguments;

    protected ModelTool(ToolBench bench, JsonTypeInfo<TArguments> arguments, JsonTypeInfo result, string name, string title, string description)
    {
        _bench = bench;
        _arguments = arguments;
        ProtocolTool = new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = ToolSchema.Of(arguments),
            OutputSchema = ToolSchema.Of(result),
            Annotations = new ToolAnnotations { Title = title, ReadOnlyHint = true, IdempotentHint = true, DestructiveHint = false, OpenWorldHint = false },
        };
    }

    public override Tool ProtocolTool { get; }

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        try
        {
            TArguments arguments =
                FieldReader.Read(request.Params?.Arguments ?? new Dictionary<string, JsonElement>(StringComparer.Ordinal), _arguments);
            Check(arguments);
            ToolProgress progress = new(request);
            using IDisposable place = await _bench.EnterAsync(cancellationToken);
            RgbImage[] pictures = await ReadAsync(arguments, cancellationToken);
            PaliModel model = await _bench.Model.GetAsync(progress, cancellationToken);
            await progress.ReportAsync(1, "looking at the picture", cancellationToken);
            return await LookAsync(model, pictures, arguments, progress, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallToolResult { IsError = true, Content = [new TextContentBlock { Text = ErrorLine.Message(failure) }] };
        }
    }

    /// <summary>Checks what can be checked without picture and model.</summary>
    /// <exception cref="ArgumentException">An argument makes no sense.</exception>
    protected abstract void Check(TArguments arguments);

    /// <summary>Reads the pictures, as far as they are read before the model is there.</summary>
    protected abstract Task<RgbImage[]> ReadAsync(TArguments arguments, CancellationToken cancellationToken);

    protected abstract Task<CallToolResult> LookAsync(
        PaliModel model, IReadOnlyList<RgbImage> pictures, TArguments arguments, ToolProgress progress, CancellationToken cancellationToken);

    protected static CallToolResult Result(string text, JsonElement structured) => new() { Content = [new TextContentBlock { Text = text }], StructuredContent = structured };
}
