using System.Text.Json;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.OpenAi;

/// <summary>What a chat request may ask for that this server does not do: it is refused by name, not passed over.</summary>
internal static class ChatRefusals
{
    /// <summary>Goes through the fields of OpenAI's API.</summary>
    /// <exception cref="RejectionException">One asks for something that is not done.</exception>
    public static void Refuse(ChatCompletionRequest request)
    {
        if (IsSet(request.Tools) || IsSet(request.Functions)) throw Rejection.Unsupported("tools", "The model calls no tools: leave 'tools' and 'functions' out.");
        if (IsSet(request.ToolChoice, "none", "auto") || IsSet(request.FunctionCall, "none", "auto")) throw Rejection.Unsupported("tool_choice", "The model calls no tools: leave 'tool_choice' out.");
        if (request.N is not (null or 1)) throw Rejection.Unsupported("n", "There is one answer to a request: leave 'n' out, or send 1.");
        if (IsSet(request.ResponseFormat) && Property(request.ResponseFormat, "type") != "text")
        {
            throw Rejection.Unsupported("response_format", "The model answers with text: leave 'response_format' out. (/api/detect and others answer with JSON.)");
        }

        bool textOnly = !IsSet(request.Modalities) || (request.Modalities.ValueKind == JsonValueKind.Array && request.Modalities.EnumerateArray().All(modality => modality.ValueKind == JsonValueKind.String && modality.GetString() == "text"));
        if (!textOnly || IsSet(request.Audio)) throw Rejection.Unsupported("audio", "The model answers with text, not audio.");
        if (request.FrequencyPenalty is not (null or 0)) throw Rejection.Unsupported("frequency_penalty", "Penalties are not supported: leave 'frequency_penalty' out, or send 0.");
        if (request.PresencePenalty is not (null or 0)) throw Rejection.Unsupported("presence_penalty", "Penalties are not supported: leave 'presence_penalty' out, or send 0.");
        if (IsSet(request.LogitBias)) throw Rejection.Unsupported("logit_bias", "A bias of logits is not supported: leave 'logit_bias' out.");
        if (IsSet(request.Prediction)) throw Rejection.Unsupported("prediction", "Predicted outputs are not supported: leave 'prediction' out.");
        if (IsSet(request.ReasoningEffort, "none")) throw Rejection.Unsupported("reasoning_effort", "The model does not reason before it answers: leave 'reasoning_effort' out.");
        if (IsSet(request.WebSearchOptions)) throw Rejection.Unsupported("web_search_options", "The model does not search the web: leave 'web_search_options' out.");
        if (request.StreamOptions is not null && request.Stream is not true) throw Rejection.Invalid("stream_options", "'stream_options' needs 'stream': true.");
        if (request.TopLogprobs is not null && request.Logprobs is not true) throw Rejection.Invalid("top_logprobs", "'top_logprobs' needs 'logprobs': true.");
        if (request.TopLogprobs is < 0 or > 20) throw Rejection.Invalid("top_logprobs", "'top_logprobs' is 0 to 20.");
        if (request.MaxTokens is not null && request.MaxCompletionTokens is not null) throw Rejection.Invalid("max_tokens", "'max_tokens' and 'max_completion_tokens' are the same: send one of them.");
        if ((request.MaxTokens ?? request.MaxCompletionTokens) is < 1) throw Rejection.Invalid("max_tokens", "The longest answer has at least 1 token.");
        CheckSampling(request.Temperature, request.TopP);
        if (request.TopK is < -1) throw Rejection.Invalid("top_k", "'top_k' is 0 or -1 (all) or more.");
        if (request.MinP is { } minP && !(minP is >= 0 and <= 1)) throw Rejection.Invalid("min_p", "'min_p' is 0 to 1.");
    }

    /// <summary>Checks how tokens are drawn.</summary>
    public static void CheckSampling(float? temperature, float? topP)
    {
        if (temperature is < 0 or > 2) throw Rejection.Invalid("temperature", "'temperature' is 0 to 2.");
        if (topP is <= 0 or > 1) throw Rejection.Invalid("top_p", "'top_p' is more than 0 and at most 1.");
    }

    /// <summary>Whether a field is there and says something else than that it is not wanted.</summary>
    private static bool IsSet(JsonElement value, params string[] harmless) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => false,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.String => !harmless.Contains(value.GetString(), StringComparer.Ordinal),
        _ => true,
    };

    private static string? Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement property) && property.ValueKind == JsonValueKind.String ? property.GetString() : null;
}
