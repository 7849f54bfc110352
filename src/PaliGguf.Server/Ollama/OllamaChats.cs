using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Work;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Ollama;

/// <summary>The answers of ollama's API: to conversations, and to prompts.</summary>
internal sealed class OllamaChats(
    BodyReader bodies, ConversationWork conversations, ModelWork work, RequestFrame frame, ServerOptions options)
{
    public Task<IResult> ChatAsync(HttpContext context) =>
        AnswerAsync(context, OllamaJson.Plain.OllamaChatRequest, (_, root) => OllamaMessages.Read(root), OllamaMessages.Field,
            (answer, text) => answer with { Message = new OllamaAnswerMessage(text) });

    public Task<IResult> GenerateAsync(HttpContext context) =>
        AnswerAsync(context, OllamaJson.Plain.OllamaGenerateRequest, PromptOf, OllamaMessages.Pictures, (answer, text) => answer with { Response = text });

    // Without a prompt, as without messages, the model is to be loaded.
    private static IReadOnlyList<ChatTurn<ChatPicture>> PromptOf(OllamaGenerateRequest request, JsonElement root)
    {
        ChatPicture[] pictures = OllamaMessages.PicturesOf(root);
        return pictures.Length == 0 && string.IsNullOrEmpty(request.Prompt) ? [] : [new ChatTurn<ChatPicture>(true, [request.Prompt ?? ""], pictures)];
    }

    /// <param name="context">The request.</param>
    /// <param name="type">How its fields are read.</param>
    /// <param name="turns">Reads what is asked.</param>
    /// <param name="field">The field that has it.</param>
    /// <param name="with">Puts text into a piece of the answer.</param>
    private async Task<IResult> AnswerAsync<T>(
        HttpContext context, JsonTypeInfo<T> type, Func<T, JsonElement, IReadOnlyList<ChatTurn<ChatPicture>>> turns, string field,
        Func<OllamaAnswer, string, OllamaAnswer> with)
        where T : OllamaRequest
    {
        long start = Stopwatch.GetTimestamp();
        work.RequireOpen();
        (T request, TimeSpan? stay, ChatPrompt? prompt) = await bodies.ReadJsonAsync(context, type, Read, field);
        string name = request.Model!;
        using ModelUse use = await work.UseAsync(context, name, stay);
        TimeSpan load = Stopwatch.GetElapsedTime(start);
        OllamaAnswer piece = new(name, options.Time.GetUtcNow(), Done: false);
        if (prompt is null)
        {
            OllamaAnswer loaded = with(piece, "") with { Done = true, DoneReason = stay == TimeSpan.Zero ? "unload" : "load" };
            return TypedResults.Json(loaded, OllamaJson.Plain.OllamaAnswer);
        }

        GenerationRequest generation = (request.Options ?? new OllamaOptions()).ToGeneration(prompt.Text, use.Model.Info, options.MaxTokens);
        await using ConversationAnswer answer = await conversations.BeginAsync(context, use, prompt.Pictures, generation);
        if (request.Stream is false)
        {
            GenerationResult result = await answer.ResultAsync();
            return TypedResults.Json(End(with(piece, result.Text), result), OllamaJson.Plain.OllamaAnswer);
        }

        LineStream lines = new(context);
        try
        {
            await foreach (GeneratedToken token in answer.TokensAsync())
            {
                if (token.Text.Length == 0) continue;
                await lines.SendAsync(with(piece with { CreatedAt = options.Time.GetUtcNow() }, token.Text), OllamaJson.Plain.OllamaAnswer);
            }

            await lines.SendAsync(End(with(piece, ""), await answer.ResultAsync()), OllamaJson.Plain.OllamaAnswer);
        }
        catch (Exception failure) when (!RequestClock.Of(context).ClientLeft)
        {
            RejectionException told = frame.Describe(context, RequestClock.Of(context), failure);
            throw await lines.BreakOffAsync(new OllamaErrorJson(told.Message), HttpJson.Plain.OllamaErrorJson, told);
        }

        return TypedResults.Empty;

        OllamaAnswer End(OllamaAnswer last, GenerationResult result) =>
            last.Ended(result, Stopwatch.GetElapsedTime(start), load) with { CreatedAt = options.Time.GetUtcNow() };

        (T Fields, TimeSpan? Stay, ChatPrompt? Prompt) Read(T fields, JsonElement root)
        {
            work.RequireKnown(RequestLimits.Text("model", fields.Model));
            fields.RefuseUnsupported();
            IReadOnlyList<ChatTurn<ChatPicture>> asked = turns(fields, root);
            return (fields, KeepAlive.Read(fields.KeepAlive), asked.Count == 0 ? null : ChatPrompt.Of(asked, field, options));
        }
    }
}
