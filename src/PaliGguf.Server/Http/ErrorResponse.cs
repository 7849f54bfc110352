using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>Writes errors in the shape of the API that was called.</summary>
internal static class ErrorResponse
{
    /// <summary>Whether a request is one of OpenAI's API.</summary>
    public static bool IsOpenAi(HttpContext context) => context.Request.Path.StartsWithSegments("/v1");

    /// <summary>Writes it, if nothing has been written yet.</summary>
    public static Task WriteAsync(HttpContext context, RejectionException rejection)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted) return Task.CompletedTask;
        response.StatusCode = rejection.Status;
        if (rejection.RetryAfter is { } time) response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (rejection.Status == StatusCodes.Status401Unauthorized) response.Headers.WWWAuthenticate = "Bearer";
        if (OllamaAddresses.Include(context.Request.Path))
        {
            return response.WriteAsJsonAsync(new OllamaErrorJson(rejection.Message),
                HttpJson.Plain.OllamaErrorJson, cancellationToken: context.RequestAborted);
        }

        return IsOpenAi(context)
            ? response.WriteAsJsonAsync(OpenAiErrorJson.From(rejection),
                HttpJson.Plain.OpenAiErrorJson, cancellationToken: context.RequestAborted)
            : response.WriteAsJsonAsync(ProblemJson.From(rejection, context.TraceIdentifier),
                HttpJson.Plain.ProblemJson, ProblemJson.ContentType, context.RequestAborted);
    }
}
