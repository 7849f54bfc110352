using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Server.Http;
using PaliGguf.Server.Work;

namespace PaliGguf.Server.Operations;

/// <summary>Whether the server lives, and whether it answers.</summary>
/// <param name="Status">"ok", "ready", "changed", "loading" or "stopping".</param>
/// <param name="Stage">What is being loaded.</param>
/// <param name="Fraction">How much of the whole is loaded, 0 to 1.</param>
internal sealed record HealthJson(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Fraction = null);

/// <summary>The addresses that an orchestrator asks.</summary>
internal sealed class Health(ServedModel model, Drain drain)
{
    public JsonHttpResult<HealthJson> Live() => Answer(new HealthJson("ok"), StatusCodes.Status200OK);

    public JsonHttpResult<HealthJson> Ready(HttpResponse response)
    {
        if (model.IsReady)
        {
            return model.Require().IsUnchanged
                ? Answer(new HealthJson("ready"), StatusCodes.Status200OK)
                : Answer(new HealthJson("changed"), StatusCodes.Status503ServiceUnavailable);
        }

        response.Headers.RetryAfter = "2";
        LoadProgress progress = model.Progress;
        HealthJson health = drain.Stopping.IsCancellationRequested ? new HealthJson("stopping") : new HealthJson("loading", progress.Stage, progress.Fraction);
        return Answer(health, StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonHttpResult<HealthJson> Answer(HealthJson health, int status) =>
        TypedResults.Json(health, OperationsJson.Plain.HealthJson, statusCode: status);
}
