using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.OpenAi;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatCompletions(BodyReader bodies, ConversationWork conversations, ModelWork work, RequestFrame frame, ServerOptions options)
{
    // JSON has no infinity; OpenAI's API writes this for tokens that are next to impossible.
    private const double Impossible = -9999;

    private static readonly ChatMessages Messages = new(MessageForm.Chat);

    public async Task<IResult> CompleteAsync(HttpContext context)
    {
        work.RequireOpen();
        (ChatCompletionRequest request, ChatPrompt prompt) =
            await bodies.ReadJsonAsync(context, OpenAiJson.Plain.ChatCompletionRequest, Read, "messages");
        using ModelUse use = await work.UseAsync(context, request.Model);
        await using ConversationAnswer answer = await conversations.BeginAsync(context, use, prompt.Pictures, ToGeneration(request, prompt.Text));
        ChatHeader header = new(NewId("chatcmpl-"), options.Time.GetUtcNow().ToUnixTimeSeconds(), use.Name);
        if (request.Stream is true) return await StreamAsync(context, header, request, answer);

        GenerationResult result = await answer.ResultAsync();
        ChatLogprobs? logprobs = request.Logprobs is true ? new ChatLogprobs(await LogprobsAsync(request, answer, result)) : null;
        ChatChoice choice = new(new ChatAnswer(result.Text), FinishReasonOf(result), logprobs);
        return TypedResults.Json(new ChatCompletion(header.Id, header.Created, header.Model, [choice], UsageOf(result)),
            OpenAiJson.Plain.ChatCompletion);

        (ChatCompletionRequest Fields, ChatPrompt Prompt) Read(ChatCompletionRequest fields, JsonElement root)
        {
            work.RequireKnown(fields.Model);
            return (fields, ReadPrompt(fields, root, options));
        }
    }

    private async Task<IResult> StreamAsync(HttpContext context, ChatHeader header, ChatCompletionRequest request, ConversationAnswer answer)
    {
        EventStream events = new(context);
        bool countsTokens = request.StreamOptions?.IncludeUsage is true;
        try
        {
            await SendAsync(new ChatChunkChoice(new ChatDelta { Role = "assistant", Content = "" }));
            GenerationResult result = request.Logprobs is true ? await SendWithLogprobsAsync() : await SendTextAsync();
            await SendAsync(new ChatChunkChoice(new ChatDelta(), FinishReasonOf(result)));
            if (countsTokens) await events.SendAsync(null, header.CountedChunk([], UsageOf(result)), OpenAiJson.Plain.CountedChunk);
            await events.SendAsync("[DONE]");
        }
        catch (Exception failure) when (!RequestClock.Of(context).ClientLeft)
        {
            RejectionException told = frame.Describe(context, RequestClock.Of(context), failure);
            throw await events.BreakOffAsync(null, OpenAiErrorJson.From(told), HttpJson.Plain.OpenAiErrorJson, told);
        }

        return TypedResults.Empty;

        Task SendAsync(ChatChunkChoice choice) => countsTokens
            ? events.SendAsync(null, header.CountedChunk([choice], null), OpenAiJson.Plain.CountedChunk)
            : events.SendAsync(null, header.Chunk([choice]), OpenAiJson.Plain.ChatCompletionChunk);

        async Task<GenerationResult> SendTextAsync()
        {
            await foreach (GeneratedToken token in answer.TokensAsync())
            {
                if (token.Text.Length > 0) await SendAsync(new ChatChunkChoice(new ChatDelta { Content = token.Text }));
            }

            return await answer.ResultAsync();
        }

        // The alternatives to a token are looked up along the whole answer, so the tokens come when it has ended.
        async Task<GenerationResult> SendWithLogprobsAsync()
        {
            List<string> texts = [];
            await foreach (GeneratedToken token in answer.TokensAsync()) texts.Add(token.Text);
            GenerationResult result = await answer.ResultAsync();
            IReadOnlyList<ChatTokenLogprob> logprobs = await LogprobsAsync(request, answer, result);
            for (int index = 0; index < texts.Count; index++)
            {
                // What was held back at the end comes without a token of its own.
                ChatLogprobs? own = index < logprobs.Count ? new ChatLogprobs([logprobs[index]]) : null;
                await SendAsync(new ChatChunkChoice(new ChatDelta { Content = texts[index] }, Logprobs: own));
            }

            return result;
        }
    }

    private static async Task<IReadOnlyList<ChatTokenLogprob>> LogprobsAsync(
        ChatCompletionRequest request, ConversationAnswer answer, GenerationResult result)
    {
        ModelTurn turn = answer.Turn;
        string prompt = answer.Request.Prompt;
        TopTokens top = new(request.TopLogprobs ?? 0, turn.Model.Info.AnswerTokens);
        if (request.TopLogprobs is > 0 && result.Tokens.Count > 0)
        {
            // The answer is known: its prefix is decoded once more, and the model led along it.
            GenerationRequest greedy = new() { Images = turn.Pictures, Prompt = prompt, MaxTokens = result.Tokens.Count };
            await turn.RunAsync(prompt, () => turn.Model.TraceAsync(greedy, result.Tokens, (_, logits) => top.Observe(logits), turn.Token));
        }

        return
        [
            .. result.Tokens.Select((token, index) =>
            {
                (string text, IReadOnlyList<int> bytes) = Piece(turn.Model, token);
                return new ChatTokenLogprob(text, Finite(result.LogProbabilities[index]), bytes, [.. top[index].Select(other => Top(turn.Model, other.Token, other.LogProbability))]);
            }),
        ];
    }

    private GenerationRequest ToGeneration(ChatCompletionRequest request, string prompt) => new()
    {
        Prompt = prompt,
        MaxTokens = request.MaxTokens ?? request.MaxCompletionTokens ?? options.MaxTokens,
        Stop = RequestLimits.List("stop", request.Stop),
        Sampling = RequestLimits.Sampling(request.Temperature, request.TopP, request.TopK, request.MinP, request.Seed),
    };

    /// <summary>What a request asks.</summary>
    /// <param name="request">Its fields.</param>
    /// <param name="root">All of it.</param>
    /// <param name="options">What the server lets through.</param>
    /// <exception cref="RejectionException">It asks for something that this server does not do.</exception>
    /// <exception cref="FieldException">A message is malformed.</exception>
    public static ChatPrompt ReadPrompt(ChatCompletionRequest request, JsonElement root, ServerOptions options)
    {
        ChatRefusals.Refuse(request);
        ChatAdditions.Refuse(root);
        return ChatPrompt.Of(Messages.Read(root), MessageForm.Chat.Field, options);
    }

    /// <summary>The name of an answer.</summary>
    /// <param name="kind">What it begins with.</param>
    public static string NewId(string kind) => $"{kind}{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";

    // The bytes may be part of a character, which as a text is U+FFFD.
    private static (string Text, IReadOnlyList<int> Bytes) Piece(PaliModel model, int token)
    {
        byte[] bytes = model.TokenBytes(token);
        return (Encoding.UTF8.GetString(bytes), Array.ConvertAll(bytes, value => (int)value));
    }

    private static ChatTopLogprob Top(PaliModel model, int token, float logProbability)
    {
        (string text, IReadOnlyList<int> bytes) = Piece(model, token);
        return new ChatTopLogprob(text, Finite(logProbability), bytes);
    }

    private static double Finite(float logProbability) => Math.Max(logProbability, Impossible);

    private static string FinishReasonOf(GenerationResult result) => result.FinishReason == FinishReason.Length ? "length" : "stop";

    private static ChatUsage UsageOf(GenerationResult result) => new(result.PrefixTokens, result.Tokens.Count, result.PrefixTokens + result.Tokens.Count);

    /// <summary>What all pieces of an answer have in common.</summary>
    private sealed record ChatHeader(string Id, long Created, string Model)
    {
        public ChatCompletionChunk Chunk(IReadOnlyList<ChatChunkChoice> choices) => new(Id, Created, Model, choices);

        public CountedChunk CountedChunk(IReadOnlyList<ChatChunkChoice> choices, ChatUsage? usage) =>
            new(Id, Created, Model, choices, usage);
    }
}
