using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;
using PaliGguf.Server.Work;
using PaliGguf.Tasks;

namespace PaliGguf.Server.Tasks;

/// <summary>The tasks that look for things, and tell or draw where they are.</summary>
internal sealed class InstanceTasks(BodyReader bodies, PictureSources pictures, ModelWork work)
{
    public Task<IResult> DetectAsync(HttpContext context) => RunAsync(context, "detect", masks: false);

    public Task<IResult> SegmentAsync(HttpContext context) => RunAsync(context, "segment", masks: true);

    private async Task<IResult> RunAsync(HttpContext context, string operation, bool masks)
    {
        work.RequireOpen();
        InstancesRequest request =
            await bodies.ReadAsync(context, TasksJson.Plain.InstancesRequest, (fields, sent) => fields with { Sent = sent });
        DrawnFormat? format = DrawnFormat.Of(context, request.Format);
        string[] labels = LabelList.Of("labels", RequestLimits.List("labels", request.Labels));
        DetectionOptions wanted = new()
        {
            MinScore = request.MinScore ?? 0,
            NonMaximumSuppression = request.Nms,
            Free = request.Free ?? false,
            MaxTokens = request.MaxTokens ?? new DetectionOptions().MaxTokens,
        };
        RequestLimits.List("labels", labels);
        PictureFile file = await pictures.FindAsync(request, RequestClock.Of(context).Token);
        using ModelUse use = await work.UseAsync(context, request.Model);
        ModelInfo info = use.Model.Info;
        if (masks && !info.HasMaskDecoder)
        {
            throw Rejection.Unprocessable("no_mask_decoder", "The model has no mask decoder: detect finds boxes. "
                + "('paligguf convert --mask-decoder vae-oid.npz' makes a model that has one.)");
        }

        wanted = wanted with { Adapters = RequestLimits.Adapters(request.Adapters, info.Adapters) };
        using ModelTurn turn = await work.BeginAsync(context, use, operation, [file]);
        RgbImage picture = turn.Pictures[0];
        string prompt = masks ? Prompts.Segment(labels) : Prompts.Detect(labels);
        (InstanceResult result, IReadOnlyList<Detection> found) = await turn.RunAsync(prompt, () => use.Model.FindAsync(picture, labels, masks, wanted, turn.Token));
        work.Log(context, prompt, result.Text);
        if (format is null) return TypedResults.Json(InstancesJson.From(result, found), TasksJson.Plain.InstancesJson);
        return await Task.Run(() => format.Draw(InstanceDrawing.Of(picture, found, request.MinScore)), turn.Token);
    }
}
