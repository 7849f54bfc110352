using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Tasks;

/// <summary>One prompt about each of several pictures, as one request: it has one turn.</summary>
internal sealed class EachTask(
    BodyReader bodies, PictureSources pictures, PictureDecoder decoder, ModelWork work, RequestFrame frame, ServerOptions options)
{
    private const string Operation = "each";

    public async Task<IResult> RunAsync(HttpContext context)
    {
        work.RequireOpen();
        EachRequest request = await bodies.ReadAsync(context, TasksJson.Plain.EachRequest, (read, sent) => read with { Sent = sent });
        string prompt = request.Prompt is { } asked
            ? RequestLimits.Prompt(asked) : Prompts.Caption(RequestLimits.Language(request.Language));
        RequestClock clock = RequestClock.Of(context);
        IReadOnlyList<PictureFile> files = await pictures.FindAllAsync(request, allowNone: false, clock.Token);
        using ModelUse use = await work.UseAsync(context, request.Model);
        GenerationRequest generation = request.ToGeneration(prompt, use.Model, options);
        using ModelTurn turn = await work.BeginAsync(context, use, Operation, []);
        if (!TextTasks.Streams(context))
            return TypedResults.Json(new EachAnswersJson(await AnswersAsync().ToListAsync(turn.Token)), TasksJson.Plain.EachAnswersJson);
        EventStream events = new(context);
        try
        {
            await foreach (EachAnswerJson answer in AnswersAsync()) await events.SendAsync("answer", answer, TasksJson.Plain.EachAnswerJson);
        }
        catch (Exception failure) when (!clock.ClientLeft)
        {
            RejectionException told = frame.Describe(context, clock, failure);
            throw await events.BreakOffAsync("error", ProblemJson.From(told, context.TraceIdentifier), HttpJson.Plain.ProblemJson, told);
        }

        return TypedResults.Empty;

        async IAsyncEnumerable<EachAnswerJson> AnswersAsync()
        {
            await foreach (EachOutcome<int> outcome in use.Model.AnswerEachAsync(Enumerable.Range(0, files.Count), generation, OpenAsync, turn.Token))
            {
                if (outcome.Result is { } result)
                {
                    turn.Answered(result);
                    work.Log(context, prompt, result.Text);
                    yield return new EachAnswerJson(outcome.Item, AnswerJson.From(result), null);
                    continue;
                }

                RejectionException told = frame.Describe(context, clock, turn.Translate(outcome.Failure!, fits: false));
                yield return new EachAnswerJson(outcome.Item, null, ProblemJson.From(told, context.TraceIdentifier));
            }
        }

        async ValueTask<RgbImage> OpenAsync(int index, CancellationToken stop) => (await decoder.DecodeAsync([files[index]], stop))[0];
    }
}
