using Microsoft.Extensions.AI;
using PaliGguf.Language;

namespace PaliGguf.AI.Chat;

/// <summary>How a request is answered, of what the options say.</summary>
internal static class ChatRequest
{
    /// <summary>A request without prompt and pictures.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="client">Handed to <see cref="ChatOptions.RawRepresentationFactory"/>.</param>
    /// <exception cref="ArgumentException">The seed is out of range; other ranges are checked with the request.</exception>
    /// <exception cref="NotSupportedException">Something is asked for that the model can not do.</exception>
    public static GenerationRequest Of(ChatOptions? options, IChatClient client)
    {
        GenerationRequest defaults = options?.RawRepresentationFactory?.Invoke(client) as GenerationRequest ?? new GenerationRequest { Prompt = "" };
        if (options is null) return defaults;
        Refuse(options);
        SamplingOptions sampling = defaults.Sampling;
        return defaults with
        {
            MaxTokens = options.MaxOutputTokens ?? defaults.MaxTokens,
            Sampling = sampling with
            {
                Temperature = options.Temperature ?? sampling.Temperature,
                TopP = options.TopP ?? sampling.TopP,
                TopK = options.TopK ?? sampling.TopK,
                Seed = Seed(options.Seed) ?? sampling.Seed,
            },
            Stop = options.StopSequences is { } stop ? [.. stop] : defaults.Stop,
        };
    }

    private static void Refuse(ChatOptions options)
    {
        if (options.Tools is { Count: > 0 } || options.ToolMode is RequiredChatToolMode)
        {
            throw new NotSupportedException("PaliGemma calls no tools: leave Tools and ToolMode out, and look for things with prompts such as 'detect cat'.");
        }

        Require(options.Instructions is null or "", "Instructions", "put what the model needs to know into the user message");
        Require(options.ConversationId is null, "ConversationId", "no conversation is stored; send the picture with the prompt");
        Require(options.ResponseFormat is null or ChatResponseFormatText, "ResponseFormat", "the answer is text");
        Require(options.FrequencyPenalty is null or 0, "FrequencyPenalty", "use Temperature, TopP and TopK");
        Require(options.PresencePenalty is null or 0, "PresencePenalty", "use Temperature, TopP and TopK");
        Require(options.Reasoning?.Effort is null or ReasoningEffort.None, "Reasoning", "the model answers without");
    }

    private static void Require(bool condition, string option, string wayOut)
    {
        if (!condition) throw new NotSupportedException($"The option {option} is not supported with PaliGemma: leave it out ({wayOut}).");
    }

    private static int? Seed(long? seed) =>
        seed is null or (>= int.MinValue and <= int.MaxValue)
            ? (int?)seed
            : throw new ArgumentException($"The seed {seed} is out of range: it is {int.MinValue} to {int.MaxValue}.");
}
