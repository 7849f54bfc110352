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
[JsonSerializable(typeof(PromptArguments))]
[JsonSerializable(typeof(VideoArguments))]
[JsonSerializable(typeof(ChoiceArguments))]
[JsonSerializable(typeof(EachArguments))]
[JsonSerializable(typeof(ToolAnswerJson))]
[JsonSerializable(typeof(ToolAnswersJson))]
[JsonSerializable(typeof(InstancesJson))]
[JsonSerializable(typeof(ChoicesJson))]
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
