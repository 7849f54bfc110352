using Microsoft.AspNetCore.Http;
using PaliGguf.Server.Http;
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
        PaliModel model = work.RequireModel();
        if (masks && !model.Info.HasMaskDecoder) throw Rejection.Unprocessable("no_mask_decoder", "The model has no mask decoder: detect finds boxes. ('paligguf convert --mask-decoder vae-oid.npz' makes a model that has one.)");
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
            Adapters = RequestLimits.Adapters(request.Adapters, model.Info.Adapters),
        };
        RequestLimits.List("labels", labels);
        PictureFile file = await pictures.FindAsync(request, RequestClock.Of(context).Token);
        using ModelTurn turn = await work.BeginAsync(context, operation, [file]);
        RgbImage picture = turn.Pictures[0];
        string prompt = masks ? Prompts.Segment(labels) : Prompts.Detect(labels);
        (InstanceResult result, IReadOnlyList<Detection> found) = await turn.RunAsync(prompt, () => FindAsync(turn, picture, labels, masks, wanted));
        work.Log(context, prompt, result.Text);
        if (format is null) return TypedResults.Json(InstancesJson.From(result, found), TasksJson.Plain.InstancesJson);
        return await Task.Run(() => format.Draw(InstanceDrawing.Of(picture, found)), turn.Token);
    }

    private static async Task<(InstanceResult Result, IReadOnlyList<Detection> Found)> FindAsync(ModelTurn turn, RgbImage picture, string[] labels, bool masks, DetectionOptions wanted)
    {
        if (masks)
        {
            SegmentationResult segmentation = await turn.Model.SegmentAsync(picture, labels, wanted, turn.Token);
            return (segmentation, segmentation.Segments);
        }

        DetectionResult detection = await turn.Model.DetectAsync(picture, labels, wanted, turn.Token);
        return (detection, detection.Detections);
    }
}
