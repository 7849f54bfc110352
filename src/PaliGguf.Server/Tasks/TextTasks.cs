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
internal sealed class TextTasks(BodyReader bodies, PictureSources pictures, ModelWork work, RequestFrame frame, ServerOptions options)
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

    private async Task<IResult> RunAsync<T>(HttpContext context, string operation, JsonTypeInfo<T> type, Func<T, string> prompt)
        where T : TextRequest
    {
        work.RequireOpen();
        T request = await bodies.ReadAsync(context, type, (fields, sent) => fields with { Sent = sent });
        string asked = prompt(request);
        CancellationToken cancellationToken = RequestClock.Of(context).Token;
        IReadOnlyList<PictureFile> files = request is GenerateRequest
            ? await pictures.FindAllAsync(request, options.AllowTextOnly, cancellationToken)
            : [await pictures.FindAsync(request, cancellationToken)];
        using ModelUse use = await work.UseAsync(context, request.Model);
        GenerationRequest generation = ToGeneration(request, asked, use.Model);
        using ModelTurn turn = await work.BeginAsync(context, use, operation, files);
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

    private GenerationRequest ToGeneration(TextRequest request, string prompt, PaliModel model) => new()
    {
        Prompt = prompt,
        MaxTokens = request.MaxTokens ?? options.MaxTokens,
        Beams = Beams(request, model),
        IgnoreEos = request.IgnoreEos ?? false,
        Stop = RequestLimits.List("stop", request.Stop),
        Adapters = RequestLimits.Adapters(request.Adapters, model.Info.Adapters),
        Sampling = new SamplingOptions
        {
            Temperature = request.Temperature ?? 0,
            TopK = request.TopK ?? 0,
            TopP = request.TopP ?? 1,
            MinP = request.MinP ?? 0,
            Seed = request.Seed,
        },
    };

    private int Beams(TextRequest request, PaliModel model)
    {
        // As the model was loaded: what is not said there is 16, or what the library leaves beside the sequences.
        int most = 1 + (options.ModelOptions.Branches ?? Math.Min(16, 256 - model.Memory.Sequences));
        return request.Beams is not { } beams ? 1 : beams >= 1 && beams <= most ? beams : throw Rejection.Invalid("beams", $"'beams' is 1 to {most}.");
    }

    private static bool Streams(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(EventStream.ContentType, StringComparison.OrdinalIgnoreCase));
}
