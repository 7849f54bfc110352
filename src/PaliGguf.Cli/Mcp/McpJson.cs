using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Mcp;

/// <summary>What the tools take and give. An argument that no tool knows is an error, since it was meant to change something.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PictureOnlyArguments))]
[JsonSerializable(typeof(CaptionArguments))]
[JsonSerializable(typeof(QuestionArguments))]
[JsonSerializable(typeof(InstanceArguments))]
[JsonSerializable(typeof(ToolAnswerJson))]
[JsonSerializable(typeof(InstancesJson))]
internal sealed partial class McpJson : JsonSerializerContext
{
    /// <summary>With the names that --json has; Thai stays Thai.</summary>
    public static McpJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
