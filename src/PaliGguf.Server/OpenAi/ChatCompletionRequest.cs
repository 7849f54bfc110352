using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>
/// A request of OpenAI's chat completions (platform.openai.com/docs/api-reference/chat). Fields that are not here, such as "user", change nothing and are ignored; what is
/// here as <see cref="JsonElement"/> is only looked at to be refused. The messages are read apart.
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

    [Description("An addition to OpenAI's: draw from the K most probable tokens; 0 or -1 for all.")]
    [JsonPropertyName("top_k")]
    public int? TopK { get; init; }

    [Description("An addition to OpenAI's: leave out tokens less probable than this part of the most probable one, 0 to 1.")]
    [JsonPropertyName("min_p")]
    public float? MinP { get; init; }

    [JsonPropertyName("seed")]
    public long? Seed { get; init; }

    [JsonPropertyName("stop")]
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

/// <summary>A message of a conversation, as the description of the API has it: <see cref="ChatMessages"/> reads them.</summary>
internal sealed record ChatMessage
{
    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [Description("A list of parts, or one text.")]
    [JsonPropertyName("content")]
    public IReadOnlyList<ChatPart>? Content { get; init; }
}

/// <summary>A part of a message.</summary>
internal sealed record ChatPart
{
    [Description("text or image_url.")]
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [Description("An object with a url, or that url.")]
    [JsonPropertyName("image_url")]
    public ChatImage? ImageUrl { get; init; }
}

/// <summary>A picture in a message.</summary>
internal sealed record ChatImage
{
    [Description("A data URL of an image file; an https address, if the server fetches from its host.")]
    [JsonPropertyName("url")]
    public PictureData? Url { get; init; }
}
