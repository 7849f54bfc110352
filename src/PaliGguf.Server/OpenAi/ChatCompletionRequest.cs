using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.OpenAi;

/// <summary>
/// A request of OpenAI's chat completions (platform.openai.com/docs/api-reference/chat). Fields that are not here, such as "user", change nothing and are ignored; what is
/// here as <see cref="JsonElement"/> is only looked at to be refused.
/// </summary>
internal sealed record ChatCompletionRequest
{
    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [JsonPropertyName("messages")]
    public IReadOnlyList<ChatMessage>? Messages { get; init; }

    [JsonPropertyName("max_tokens")]
    public int? MaxTokens { get; init; }

    [JsonPropertyName("max_completion_tokens")]
    public int? MaxCompletionTokens { get; init; }

    [JsonPropertyName("temperature")]
    public float? Temperature { get; init; }

    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    [JsonPropertyName("seed")]
    public long? Seed { get; init; }

    [JsonPropertyName("stop")]
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Stop { get; init; }

    [JsonPropertyName("logprobs")]
    public bool? Logprobs { get; init; }

    [JsonPropertyName("top_logprobs")]
    public int? TopLogprobs { get; init; }

    [JsonPropertyName("stream")]
    public bool? Stream { get; init; }

    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions { get; init; }

    [JsonPropertyName("n")]
    public int? N { get; init; }

    [JsonPropertyName("frequency_penalty")]
    public float? FrequencyPenalty { get; init; }

    [JsonPropertyName("presence_penalty")]
    public float? PresencePenalty { get; init; }

    [JsonPropertyName("logit_bias")]
    public JsonElement LogitBias { get; init; }

    [JsonPropertyName("tools")]
    public JsonElement Tools { get; init; }

    [JsonPropertyName("tool_choice")]
    public JsonElement ToolChoice { get; init; }

    [JsonPropertyName("functions")]
    public JsonElement Functions { get; init; }

    [JsonPropertyName("function_call")]
    public JsonElement FunctionCall { get; init; }

    [JsonPropertyName("response_format")]
    public JsonElement ResponseFormat { get; init; }

    [JsonPropertyName("modalities")]
    public JsonElement Modalities { get; init; }

    [JsonPropertyName("audio")]
    public JsonElement Audio { get; init; }

    [JsonPropertyName("prediction")]
    public JsonElement Prediction { get; init; }

    [JsonPropertyName("reasoning_effort")]
    public JsonElement ReasoningEffort { get; init; }

    [JsonPropertyName("web_search_options")]
    public JsonElement WebSearchOptions { get; init; }
}

/// <summary>What is wanted of a stream.</summary>
internal sealed record StreamOptions
{
    [JsonPropertyName("include_usage")]
    public bool? IncludeUsage { get; init; }
}

/// <summary>A message of a conversation.</summary>
internal sealed record ChatMessage
{
    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [JsonPropertyName("content")]
    [JsonConverter(typeof(ChatContentConverter))]
    public IReadOnlyList<ChatPart>? Content { get; init; }
}

/// <summary>A part of a message.</summary>
internal sealed record ChatPart
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [JsonPropertyName("image_url")]
    public ChatImage? ImageUrl { get; init; }
}

/// <summary>A picture in a message.</summary>
internal sealed record ChatImage
{
    [JsonPropertyName("url")]
    public PictureData? Url { get; init; }
}

/// <summary>Reads a message's content: a text, or a list of parts.</summary>
internal sealed class ChatContentConverter : JsonConverter<IReadOnlyList<ChatPart>>
{
    public override IReadOnlyList<ChatPart> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return [new ChatPart { Type = "text", Text = reader.GetString() }];
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException();
        List<ChatPart> parts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            parts.Add(JsonSerializer.Deserialize(ref reader, ServerJson.Plain.ChatPart) ?? throw new JsonException());
        }

        return parts;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<ChatPart> value, JsonSerializerOptions options) => throw new NotSupportedException("A message is only read.");
}
