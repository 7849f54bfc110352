using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using PaliGguf.Hosting.Requests;
using PaliGguf.Server;
using PaliGguf.Server.Conversations;
using PaliGguf.Server.Http;
using PaliGguf.Server.Ollama;
using PaliGguf.Server.OpenAi;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Tasks;
using PaliGguf.Server.Work;

namespace PaliGguf.Fuzz.Targets;

/// <summary>The bodies of requests, by the forms of each API.</summary>
internal static class RequestTargets
{
    private const string Boundary = "x";

    private static readonly ServerOptions Options = new() { Model = "", AllowTextOnly = true };

    private static readonly ModelInfo Info = new()
    {
        Name = "a",
        Architecture = "gemma",
        TextPath = "a",
        VisionPath = "a",
        ImageSize = 56,
        ImageTokens = 16,
        EmbeddingLength = 64,
        ContextLength = 512,
        VocabularySize = 1024,
        AnswerTokens = 256,
        TextBytes = 1,
        VisionBytes = 1,
        VisionDevice = "CPU",
        VisionBufferTypes = [],
        Threads = 1,
        HasMaskDecoder = true,
        HasMaskEncoder = false,
    };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("responses", input => BodyReader.Parse(input, root => FieldReader.Read(
            FieldReader.Of(root), OpenAiJson.Plain.ResponseRequest, MessageForm.Responses.Field).ReadPrompt(root, Options))),
        Of("ollama-chat", input => ReadOllama(input, OllamaJson.Plain.OllamaChatRequest, OllamaMessages.Field, OllamaMessages.Read)),
        Of("ollama-generate", input => ReadOllama(input, OllamaJson.Plain.OllamaGenerateRequest, OllamaMessages.Pictures, root =>
        {
            OllamaMessages.PicturesOf(root);
            return [];
        })),
        Of("ollama-model", input => BodyReader.Parse(
            input, root => FieldReader.Read(FieldReader.Of(root), OllamaJson.Plain.OllamaModelRequest))),
        Of("task", input =>
        {
            GenerateRequest request = Read(input, "application/json", TasksJson.Plain.GenerateRequest);
            RequestLimits.Language(request.Language);
            RequestLimits.Prompt(request.Prompt);
            RequestLimits.List("stop", request.Stop);
            RequestLimits.Adapters(request.Adapters, []);
            _ = request.Uploaded.Count;
        }),
        Of("form", input => RequestLimits.Entries(
            "labels", Read(input, $"multipart/form-data; boundary={Boundary}", TasksJson.Plain.InstancesRequest).Labels)),
    ];

    private static FuzzTarget Of(string name, Action<byte[]> read) =>
        new(name, read, failure => failure is RejectionException or FieldException);

    private static void ReadOllama<T>(
        byte[] input, JsonTypeInfo<T> type, string apart, Func<JsonElement, IReadOnlyList<Tasks.ChatTurn<ChatPicture>>> turns)
        where T : OllamaRequest => BodyReader.Parse(input, root =>
    {
        T request = FieldReader.Read(FieldReader.Of(root), type, apart);
        request.RefuseUnsupported();
        KeepAlive.Read(request.KeepAlive);
        if (turns(root) is { Count: > 0 } asked) ChatPrompt.Of(asked, apart, Options);
        return (request.Options ?? new OllamaOptions()).ToGeneration("", Info, 256);
    });

    private static T Read<T>(byte[] input, string mediaType, JsonTypeInfo<T> type)
        where T : PictureRequest
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream(input);
        context.Request.ContentType = mediaType;
        using RequestClock clock = RequestClock.Start(context, Options, CancellationToken.None);
        BodyReader bodies = new(new BodyBudget(1 << 26), Options);
        return bodies.ReadAsync(context, type, (read, sent) => read with { Sent = sent }).GetAwaiter().GetResult();
    }
}
