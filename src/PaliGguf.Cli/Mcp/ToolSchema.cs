using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace PaliGguf.Cli.Mcp;

/// <summary>The JSON schemas of what tools take and give.</summary>
internal static class ToolSchema
{
    private static readonly AIJsonSchemaCreateOptions Options = new() { TransformSchemaNode = MakeNullableOptional };

    public static JsonElement Of(JsonTypeInfo type) => AIJsonUtilities.CreateJsonSchema(type.Type, serializerOptions: type.Options, inferenceOptions: Options);

    // What may be null is left out instead: clients understand "type": "string", but not all of them "type": ["string", "null"].
    private static JsonNode MakeNullableOptional(AIJsonSchemaCreateContext context, JsonNode schema)
    {
        if (schema is not JsonObject node) return schema;
        if (node["type"] is JsonArray { Count: 2 } types && types.FirstOrDefault(type => type?.GetValue<string>() != "null") is { } type) node["type"] = type.DeepClone();
        if (node["required"] is JsonArray required)
        {
            foreach (JsonPropertyInfo property in context.TypeInfo.Properties.Where(property => property.IsGetNullable))
            {
                if (required.FirstOrDefault(name => name?.GetValue<string>() == property.Name) is { } name) required.Remove(name);
            }
        }

        return node;
    }
}
