using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.OpenAi;

/// <summary>OpenAI's responses, of which none is kept.</summary>
internal sealed class Responses(
    BodyReader bodies, ConversationWork conversations, ModelWork work, RequestFrame frame, ServerOptions options)
{
    public async Task<IResult> CreateAsync(HttpContext context)
    {
        work.RequireOpen();
        (ResponseRequest request, ChatPrompt prompt) =
            await bodies.ReadJsonAsync(context, OpenAiJson.Plain.ResponseRequest, Read, MessageForm.Responses.Field);
        GenerationRequest generation = new()
        {
            Prompt = prompt.Text,
            MaxTokens = request.MaxOutputTokens ?? options.MaxTokens,
            Sampling = RequestLimits.Sampling(request.Temperature, request.TopP),
        };
        using ModelUse use = await work.UseAsync(context, request.Model);
        await using ConversationAnswer answer = await conversations.BeginAsync(context, use, prompt.Pictures, generation);
        ResponseJson begun = new(
            ChatCompletions.NewId("resp_"), options.Time.GetUtcNow().ToUnixTimeSeconds(), use.Name, "in_progress", [], null)
        {
            MaxOutputTokens = request.MaxOutputTokens,
            Temperature = generation.Sampling.Temperature,
            TopP = generation.Sampling.TopP,
        };
        if (request.Metadata.ValueKind == JsonValueKind.Object) begun = begun with { Metadata = request.Metadata };
        string item = ChatCompletions.NewId("msg_");
        if (request.Stream is not true)
            return TypedResults.Json(End(begun, item, await answer.ResultAsync()), OpenAiJson.Plain.ResponseJson);
        ResponseStream stream = new(new EventStream(context), begun, item);
        try
        {
            await stream.SendAsync(answer.TokensAsync(), async () => End(begun, item, await answer.ResultAsync()));
        }
        catch (Exception failure) when (!RequestClock.Of(context).ClientLeft)
        {
            throw await stream.BreakOffAsync(frame.Describe(context, RequestClock.Of(context), failure));
        }

        return TypedResults.Empty;

        (ResponseRequest Fields, ChatPrompt Prompt) Read(ResponseRequest fields, JsonElement root)
        {
            work.RequireKnown(fields.Model);
            // The body's memory is given back before the answer is written.
            JsonElement metadata = fields.Metadata.ValueKind == JsonValueKind.Undefined ? default : fields.Metadata.Clone();
            return (fields with { Metadata = metadata }, fields.ReadPrompt(root, options));
        }
    }

    private static ResponseJson End(ResponseJson begun, string item, GenerationResult result)
    {
        bool cut = result.FinishReason == FinishReason.Length;
        string status = cut ? "incomplete" : "completed";
        return begun with
        {
            Status = status,
            Output = [new ResponseOutput(item, status, [new ResponseText(result.Text)])],
            Usage = new ResponseUsage(result.PrefixTokens, result.Tokens.Count, result.PrefixTokens + result.Tokens.Count),
            IncompleteDetails = cut ? new ResponseIncomplete("max_output_tokens") : null,
        };
    }
}
