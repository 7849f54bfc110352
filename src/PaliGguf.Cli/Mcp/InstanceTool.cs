using System.Text.Json;
using ModelContextProtocol.Protocol;
using PaliGguf.Cli.Settings;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Mcp;

/// <summary>A tool that finds things.</summary>
internal sealed class InstanceTool : ModelTool<InstanceArguments>
{
    // More than the models that look at it make use of.
    private const int DrawingSide = 1024;

    private readonly ToolPictures _pictures;
    private readonly UserSettings _settings;
    private readonly bool _masks;

    private InstanceTool(ToolBench bench, bool masks, string name, string title, string description)
        : base(bench, McpJson.Readable.InstanceArguments, McpJson.Readable.InstancesJson, name, title, description) => (_pictures, _settings, _masks) = (bench.Pictures, bench.Settings, masks);

    public static InstanceTool Detect(ToolBench bench) => new(
        bench, masks: false, "detect_objects", "Find things in a picture",
        "Find all instances of some things in a picture: label, score (0 to 1) and box [xMin, yMin, xMax, yMax] in pixels for each. What is not there is not in the list.");

    public static InstanceTool Segment(ToolBench bench) => new(
        bench, masks: true, "segment_objects", "Outline things in a picture",
        "Find all instances of some things in a picture with their shapes: label, score, box in pixels, and the mask as COCO run lengths and as polygons of [x, y] for each.");

    protected override void Check(InstanceArguments arguments) =>
        _ = _masks ? Prompts.Segment(Labels(arguments)) : Prompts.Detect(Labels(arguments));

    protected override Task<RgbImage[]> ReadAsync(InstanceArguments arguments, CancellationToken cancellationToken) =>
        _pictures.ReadOneAsync(arguments, cancellationToken);

    protected override async Task<CallToolResult> LookAsync(
        PaliModel model, IReadOnlyList<RgbImage> pictures, InstanceArguments arguments, ToolProgress progress, CancellationToken cancellationToken)
    {
        RgbImage picture = pictures[0];
        DetectionOptions wanted = _settings.Instances;
        float? leastScore = arguments.MinScore ?? _settings.MinScoreIfSet;
        wanted = wanted with
        {
            MinScore = leastScore ?? wanted.MinScore,
            NonMaximumSuppression = arguments.MaxOverlap ?? wanted.NonMaximumSuppression,
        };
        (InstanceResult result, IReadOnlyList<Detection> found) =
            await model.FindAsync(picture, Labels(arguments), _masks, wanted, cancellationToken);
        JsonElement structured = JsonSerializer.SerializeToElement(InstancesJson.From(result, found), McpJson.Readable.InstancesJson);
        CallToolResult answer = Result(structured.GetRawText(), structured);
        if (arguments.Annotate == true)
        {
            byte[] drawing = await Task.Run(() => InstanceDrawing.ToPng(picture, found, leastScore, DrawingSide), cancellationToken);
            answer.Content.Add(ImageContentBlock.FromBytes(drawing, "image/png"));
        }

        return answer;
    }

    private static string[] Labels(InstanceArguments arguments) => LabelList.Of("objects", arguments.Objects);
}
