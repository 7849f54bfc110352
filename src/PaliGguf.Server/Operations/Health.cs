using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using PaliGguf.Server.Models;

namespace PaliGguf.Server.Operations;

/// <summary>Whether the server lives, and whether it answers.</summary>
/// <param name="Status">"ok", "ready", "changed", "loading" or "stopping".</param>
/// <param name="Stage">What is being loaded.</param>
/// <param name="Fraction">How much of the whole is loaded, 0 to 1.</param>
internal sealed record HealthJson(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Stage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Fraction = null)
{
    /// <summary>The models, where there are several.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelHealthJson>? Models { get; init; }
}

/// <summary>One of several models.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="State">"loaded", "loading" or "unloaded".</param>
/// <param name="Requests">How many requests use it, or wait for it.</param>
internal sealed record ModelHealthJson(string Name, string State, int Requests);

/// <summary>The addresses that an orchestrator asks.</summary>
internal sealed class Health(IServedModels models, ServerOptions options)
{
    public JsonHttpResult<HealthJson> Live() => Answer(new HealthJson("ok"), StatusCodes.Status200OK);

    public JsonHttpResult<HealthJson> Ready(HttpResponse response)
    {
        Readiness readiness = models.Readiness;
        HealthJson health = new(readiness.Status, readiness.Progress?.Stage, readiness.Progress?.Fraction);
        if (readiness.Status == "ready")
        {
            if (options.HasSeveralModels)
                health = health with { Models = [.. models.List().Select(model => new ModelHealthJson(model.Name, model.State, model.Requests))] };
            return Answer(health, StatusCodes.Status200OK);
        }

        // What was changed stays so.
        if (readiness.Status != "changed") response.Headers.RetryAfter = "2";
        return Answer(health, StatusCodes.Status503ServiceUnavailable);
    }

    private static JsonHttpResult<HealthJson> Answer(HealthJson health, int status) =>
        TypedResults.Json(health, OperationsJson.Plain.HealthJson, statusCode: status);
}
