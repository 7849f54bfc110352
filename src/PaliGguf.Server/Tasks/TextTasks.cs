using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Tasks;

/// <summary>The tasks whose answer is text, whole or token by token.</summary>
internal sealed class TextTasks(
    BodyReader bodies, PictureSources pictures, VideoFrames frames, ModelWork work, RequestFrame frame, ServerOptions options)
{
    public Task<IResult> CaptionAsync(HttpContext context) =>
        RunAsync(context, "caption", TasksJson.Plain.TextRequest, request => Prompts.Caption(RequestLimits.Language(request.Language)));

    public Task<IResult> DescribeAsync(HttpContext context) =>
        RunAsync(context, "describe", TasksJson.Plain.TextRequest, request => Prompts.Describe(RequestLimits.Language(request.Language)));

    public Task<IResult> OcrAsync(HttpContext context) => RunAsync(context, "ocr", TasksJson.Plain.TextRequest, _ => Prompts.Ocr);

    public Task<IResult> AnswerAsync(HttpContext context) => RunAsync(
        context, "answer", TasksJson.Plain.AnswerRequest,
        request => Prompts.Answer(RequestLimits.Text("question", request.Question), RequestLimits.Language(request.Language)));

    public async Task<IResult> GenerateAsync(HttpContext context)
    {
        try
        {
            return await RunAsync(context, "generate", TasksJson.Plain.GenerateRequest, request => RequestLimits.Prompt(request.Prompt));
        }
        catch (FieldException field) when (field.Place is "stream" or "options" or "keep_alive" or "raw" or "system")
        {
            // Ollama's clients send these to an address of the same name.
            throw new FieldException(field.Place, $"{field.Message} (Ollama's generate is at {OllamaAddresses.Prefix}/api/generate.)");
        }
    }

    /// <summary>The answer to a prompt about frames of a video.</summary>
    public Task<IResult> VideoAsync(HttpContext context) =>
        RunAsync(context, "video", TasksJson.Plain.VideoRequest, request => RequestLimits.Prompt(request.Prompt),
            VideoFrames.Field, PictureData.Field);

    private async Task<IResult> RunAsync<T>(
        HttpContext context, string operation, JsonTypeInfo<T> type, Func<T, string> prompt, params string[] fields)
        where T : TextRequest
    {
        work.RequireOpen();
        T request = await bodies.ReadAsync(context, type, (read, sent) => read with { Sent = sent }, fields);
        string asked = prompt(request);
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        IReadOnlyList<PictureFile> files = request is GenerateRequest
            ? await pictures.FindAllAsync(request, options.AllowTextOnly, cancellationToken)
            : [await pictures.FindAsync(request, cancellationToken)];
        using ModelUse use = await work.UseAsync(context, request.Model);
        GenerationRequest generation = request.ToGeneration(asked, use.Model, options);
        using ModelTurn turn = request is VideoRequest video
            ? await work.BeginAsync(context, use, operation, stop => frames.ReadAsync(files[0], video.Frames, stop))
            : await work.BeginAsync(context, use, operation, files);
        await using RunningAnswer answer = await turn.StartAsync(generation);
        if (Streams(context)) return await StreamAsync(context, answer, generation.Prompt);
        GenerationResult result = await answer.ResultAsync();
        work.Log(context, generation.Prompt, result.Text);
        return TypedResults.Json(AnswerJson.From(result), TasksJson.Plain.AnswerJson);
    }

    private async Task<IResult> StreamAsync(HttpContext context, RunningAnswer answer, string prompt)
    {
        EventStream events = new(context);
        try
        {
            await foreach (GeneratedToken token in answer.TokensAsync())
            {
                await events.SendAsync("token", new TokenJson(token.Text, token.Id, token.LogProbability), TasksJson.Plain.TokenJson);
            }

            GenerationResult result = await answer.ResultAsync();
            work.Log(context, prompt, result.Text);
            await events.SendAsync("result", AnswerJson.From(result), TasksJson.Plain.AnswerJson);
        }
        catch (Exception failure) when (!RequestClock.Of(context).ClientLeft)
        {
            RejectionException told = frame.Describe(context, RequestClock.Of(context), failure);
            throw await events.BreakOffAsync("error", ProblemJson.From(told, context.TraceIdentifier), HttpJson.Plain.ProblemJson, told);
        }

        return TypedResults.Empty;
    }

    /// <summary>Whether an answer is wanted piece by piece.</summary>
    public static bool Streams(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(EventStream.ContentType, StringComparison.OrdinalIgnoreCase));
}
