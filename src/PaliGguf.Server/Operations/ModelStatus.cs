using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Memory;
using PaliGguf.Server.Models;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Operations;

/// <summary>What the server runs, and what it allows.</summary>
internal sealed record ModelStatusJson(
    string Name, string Architecture, string Version, int ImageSize, int ImageTokens, int ContextLength, int PrefixLength, int Sequences, int Threads, string VisionDevice,
    bool HasMaskDecoder, IReadOnlyList<string> Tasks, IReadOnlyList<AdapterStatusJson> Adapters, ModelMemoryJson Memory, LimitsJson Limits);

/// <summary>An adapter that requests may name.</summary>
internal sealed record AdapterStatusJson(string Name, float Scale);

/// <summary>What the model takes by arithmetic.</summary>
internal sealed record ModelMemoryJson(DeviceJson Ram, DeviceJson Vram);

/// <summary>What the server allows; null where there is no limit.</summary>
internal sealed record LimitsJson(
    int Queue, double DeadlineSeconds, int? RequestsPerMinute, long BodyBytes, long PicturePixels, int DefaultMaxTokens, long PictureStoreBytes, double? PictureExpirySeconds, bool NeedsKey);

/// <summary>Tells all of that.</summary>
internal sealed class ModelStatus(ModelWork work, ServerOptions options)
{
    private static readonly string[] TextAndBoxes = ["caption", "describe", "answer", "ocr", "generate", "choose", "detect"];

    public async Task<JsonHttpResult<ModelStatusJson>> TellAsync(HttpContext context, string? model)
    {
        using ModelUse use = await work.UseAsync(context, model);
        (ModelInfo info, MemoryPlan plan) = (use.Model.Info, use.Model.Memory);
        ModelStatusJson status = new(
            use.Name, info.Architecture, ServerVersion.Text, info.ImageSize, info.ImageTokens, info.ContextLength, plan.PrefixLength, plan.Sequences, info.Threads, info.VisionDevice,
            info.HasMaskDecoder, info.HasMaskDecoder ? [.. TextAndBoxes, "segment"] : TextAndBoxes, [.. info.Adapters.Select(adapter => new AdapterStatusJson(adapter.Name, adapter.Scale))],
            new ModelMemoryJson(DeviceJson.From(plan.Ram), DeviceJson.From(plan.Vram)),
            new LimitsJson(
                options.Queue, options.Deadline.TotalSeconds, options.Rate, options.MaxBody, options.MaxPixels, options.MaxTokens, options.PictureStore, options.PictureExpiry?.TotalSeconds,
                options.ApiKeys.Count > 0));
        return TypedResults.Json(status, OperationsJson.Plain.ModelStatusJson);
    }
}
