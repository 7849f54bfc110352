using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Tasks;

namespace PaliGguf.Server.OpenAi;

/// <summary>
/// A request of OpenAI's responses (platform.openai.com/docs/api-reference/responses). The input is read apart, and so is what is only
/// looked at to be refused; other fields change nothing.
/// </summary>
internal sealed record ResponseRequest
{
    private static readonly ChatMessages Messages = new(MessageForm.Responses);

    private static readonly UnsupportedField[] Refused =
    [
        new("previous_response_id", "Answers are not kept: send the conversation's messages as 'input', and"),
        new("conversation", "Conversations are not kept: send their messages as 'input', and"),
        new("background", "An answer is not made in the background"),
        new("tools", "The model calls no tools"), new("tool_choice", "The model calls no tools", "none", "auto"),
        new("max_tool_calls", "The model calls no tools"),
        new("reasoning", "The model does not reason before it answers"),
        new("prompt", "There are no stored prompts"),
        new("include", "There is nothing more to include"),
        new("top_logprobs", "/v1/chat/completions tells alternatives to tokens", "0"),
        new("truncation", "Nothing is left out of the input", "disabled", "auto"),
        new("stop", "/v1/chat/completions has stop texts"), new("seed", "/v1/chat/completions has seeds"),
        new("frequency_penalty", "Penalties are not supported", "0"), new("presence_penalty", "Penalties are not supported", "0"),
    ];

    [JsonPropertyName("model")]
    public string? Model { get; init; }

    [Description("The messages of the conversation, or the text of one.")]
    [JsonPropertyName("input")]
    public IReadOnlyList<ResponseMessage>? Input { get; init; }

    [JsonPropertyName("max_output_tokens")]
    public int? MaxOutputTokens { get; init; }

    [JsonPropertyName("temperature")]
    public float? Temperature { get; init; }

    [JsonPropertyName("top_p")]
    public float? TopP { get; init; }

    [JsonPropertyName("stream")]
    public bool? Stream { get; init; }

    [Description("Not looked at, as the messages of a system are not.")]
    [JsonPropertyName("instructions")]
    public JsonElement Instructions { get; init; }

    [Description("The format of the text: { \"type\": \"text\" } alone is supported.")]
    [JsonPropertyName("text")]
    public JsonElement Text { get; init; }

    [JsonPropertyName("metadata")]
    public JsonElement Metadata { get; init; }

    /// <summary>What it asks.</summary>
    /// <param name="root">All of it.</param>
    /// <param name="options">What the server lets through.</param>
    /// <exception cref="RejectionException">It asks for something that this server does not do.</exception>
    /// <exception cref="FieldException">A message is malformed.</exception>
    public ChatPrompt ReadPrompt(JsonElement root, ServerOptions options)
    {
        UnsupportedField.Refuse(root, Refused);
        ChatAdditions.Refuse(root);
        RefuseFormats();
        if (MaxOutputTokens is < 1) throw Rejection.Invalid("max_output_tokens", "The longest answer has at least 1 token.");
        ChatRefusals.CheckSampling(Temperature, TopP);
        bool isText = root.TryGetProperty(MessageForm.Responses.Field, out JsonElement input) && input.ValueKind == JsonValueKind.String;
        IReadOnlyList<ChatTurn<ChatPicture>> turns = isText
            ? [new ChatTurn<ChatPicture>(true, [FieldReader.Text(input, MessageForm.Responses.Field)], [])] : Messages.Read(root);
        return ChatPrompt.Of(turns, MessageForm.Responses.Field, options);
    }

    private void RefuseFormats()
    {
        if (Text.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return;
        if (Text.ValueKind != JsonValueKind.Object) throw FieldException.Expected("text", "an object with 'format'", FieldReader.Kind(Text));
        if (!Text.TryGetProperty("format", out JsonElement format) || format.ValueKind == JsonValueKind.Null) return;
        bool isText = format.ValueKind == JsonValueKind.Object && format.TryGetProperty("type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String && type.ValueEquals("text");
        if (!isText)
        {
            throw Rejection.Unsupported("text.format",
                "The model answers with text: leave 'text.format' out. (/api/detect and others answer with JSON.)");
        }
    }
}

/// <summary>A message of the input, as the description of the API has it: <see cref="ChatMessages"/> reads them.</summary>
internal sealed record ResponseMessage
{
    [JsonPropertyName("role")]
    public string? Role { get; init; }

    [Description("A list of parts, or one text.")]
    [JsonPropertyName("content")]
    public IReadOnlyList<ResponsePart>? Content { get; init; }
}

/// <summary>A part of a message.</summary>
internal sealed record ResponsePart
{
    [Description("input_text or input_image.")]
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    [Description("A data URL of an image file; an https address, if the server fetches from its host.")]
    [JsonPropertyName("image_url")]
    public PictureData? ImageUrl { get; init; }
}
