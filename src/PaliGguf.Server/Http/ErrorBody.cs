using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace PaliGguf.Server.Http;

/// <summary>An error of the own API: problem details (RFC 9457).</summary>
/// <param name="Type">Names the kind of problem, as a URN that ends in <paramref name="Code"/>.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong, for people.</param>
/// <param name="Code">What is wrong, in a word.</param>
/// <param name="Parameter">The field that is at fault.</param>
/// <param name="RequestId">The request, as the server's log calls it.</param>
internal sealed record ProblemJson(
    string Type, string Title, int Status, string Detail, string Code, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Parameter, string RequestId)
{
    public const string ContentType = "application/problem+json";

    public static ProblemJson From(RejectionException rejection, string requestId) => new(
        $"urn:paligguf:problem:{rejection.Code}", ReasonPhrases.GetReasonPhrase(rejection.Status), rejection.Status, rejection.Message, rejection.Code, rejection.Parameter, requestId);
}

/// <summary>An error as OpenAI's API tells it.</summary>
internal sealed record OpenAiErrorJson([property: JsonPropertyName("error")] OpenAiErrorDetail Error)
{
    public static OpenAiErrorJson From(RejectionException rejection) => new(new OpenAiErrorDetail(
        rejection.Message,
        rejection.Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status403Forbidden => "permission_error",
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        },
        rejection.Parameter,
        rejection.Code));
}

/// <summary>An error as ollama's API tells it.</summary>
internal sealed record OllamaErrorJson([property: JsonPropertyName("error")] string Error);

/// <summary>What is wrong.</summary>
internal sealed record OpenAiErrorDetail(
    [property: JsonPropertyName("message")] string Message, [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("param")] string? Param, [property: JsonPropertyName("code")] string Code);
