using Microsoft.Extensions.AI;
using PaliGguf.Language;

namespace PaliGguf.AI.Chat;

/// <summary>One answer in the types of Microsoft.Extensions.AI, whole or in parts, which share its ids.</summary>
internal sealed class ChatAnswer(string modelId)
{
    private readonly string _id = Guid.NewGuid().ToString("N");
    private readonly DateTimeOffset _created = DateTimeOffset.UtcNow;

    public ChatResponse Whole(GenerationResult result) => new(new ChatMessage(ChatRole.Assistant, result.Text) { MessageId = _id, CreatedAt = _created, RawRepresentation = result })
    {
        ResponseId = _id,
        CreatedAt = _created,
        ModelId = modelId,
        FinishReason = Reason(result),
        Usage = Usage(result),
        RawRepresentation = result,
        AdditionalProperties = Timings(result.Timings),
    };

    public ChatResponseUpdate Part(GeneratedToken token) => Update(token.Text.Length > 0 ? [new TextContent(token.Text)] : [], token);

    public ChatResponseUpdate End(GenerationResult result)
    {
        ChatResponseUpdate end = Update([new UsageContent(Usage(result))], result);
        end.FinishReason = Reason(result);
        end.AdditionalProperties = Timings(result.Timings);
        return end;
    }

    private ChatResponseUpdate Update(IList<AIContent> contents, object raw) => new(ChatRole.Assistant, contents)
    {
        ResponseId = _id,
        MessageId = _id,
        CreatedAt = _created,
        ModelId = modelId,
        RawRepresentation = raw,
    };

    private static ChatFinishReason Reason(GenerationResult result) => result.FinishReason == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;

    private static UsageDetails Usage(GenerationResult result) => new()
    {
        InputTokenCount = result.PrefixTokens,
        OutputTokenCount = result.Tokens.Count,
        TotalTokenCount = result.PrefixTokens + result.Tokens.Count,
    };

    // With the names that --json has for them.
    private static AdditionalPropertiesDictionary Timings(GenerationTimings timings) => new()
    {
        ["visionMs"] = timings.Vision.TotalMilliseconds,
        ["prefixMs"] = timings.Prefix.TotalMilliseconds,
        ["decodeMs"] = timings.Decode.TotalMilliseconds,
        ["decodeTokensPerSecond"] = timings.DecodeTokensPerSecond,
        ["picturesCached"] = timings.PicturesCached,
        ["nativeMs"] = timings.Native.TotalMilliseconds,
    };
}
