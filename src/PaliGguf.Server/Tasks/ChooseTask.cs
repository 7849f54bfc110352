using Microsoft.AspNetCore.Http;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Tasks;

/// <summary>The task that tells how probable each of some answers is.</summary>
internal sealed class ChooseTask(BodyReader bodies, PictureSources pictures, ModelWork work)
{
    public async Task<IResult> RunAsync(HttpContext context)
    {
        work.RequireOpen();
        ChooseRequest request =
            await bodies.ReadAsync(context, TasksJson.Plain.ChooseRequest, (fields, sent) => fields with { Sent = sent });
        DrawnFormat? format = DrawnFormat.Of(context, request.Format);
        string prompt = RequestLimits.Prompt(request.Prompt);
        IReadOnlyList<string> candidates = RequestLimits.Entries("candidates", request.Candidates);
        PictureFile file = await pictures.FindAsync(request, RequestClock.Of(context).Token);
        using ModelUse use = await work.UseAsync(context, request.Model);
        var adapters = RequestLimits.Adapters(request.Adapters, use.Model.Info.Adapters);
        using ModelTurn turn = await work.BeginAsync(context, use, "choose", [file]);
        IReadOnlyList<Choice> choices = await turn.RunAsync(
            prompt + candidates.MaxBy(candidate => candidate.Length), () => turn.Model.ChooseAsync(turn.Pictures, prompt, candidates, adapters, turn.Token));
        Choice best = choices.MaxBy(choice => choice.LogLikelihood)!;
        work.Log(context, prompt, best.Text);
        if (format is null) return TypedResults.Json(ChoicesJson.From(choices), TasksJson.Plain.ChoicesJson);
        return await Task.Run(() => format.Draw(ChoiceDrawing.Of(turn.Pictures[0], best)), turn.Token);
    }
}
