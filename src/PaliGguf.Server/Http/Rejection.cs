using Microsoft.AspNetCore.Http;

namespace PaliGguf.Server.Http;

/// <summary>A request is not answered, and why. The message goes to the client.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The same in a word that programs compare: "queue_full".</param>
/// <param name="message">The same for people, with the way out.</param>
internal sealed class RejectionException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>The field that is at fault.</summary>
    public string? Parameter { get; init; }

    /// <summary>When it may be tried again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>The rejections that there are.</summary>
internal static class Rejection
{
    /// <summary>A field is missing or out of range.</summary>
    public static RejectionException Invalid(string parameter, string problem) =>
        new(StatusCodes.Status400BadRequest, "invalid_value", problem) { Parameter = parameter };

    /// <summary>A field asks for what this server does not do.</summary>
    public static RejectionException Unsupported(string parameter, string problem) =>
        new(StatusCodes.Status400BadRequest, "unsupported_value", problem) { Parameter = parameter };

    /// <summary>The body can not be read.</summary>
    public static RejectionException Malformed(string problem) => new(StatusCodes.Status400BadRequest, "malformed_body", problem);

    public static RejectionException TooLarge(string problem) => new(StatusCodes.Status413PayloadTooLarge, "body_too_large", problem);

    /// <summary>The body's or the picture's kind is not read here.</summary>
    public static RejectionException WrongType(string problem, string? parameter = null) =>
        new(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", problem) { Parameter = parameter };

    /// <summary>All is well-formed, and can not be done.</summary>
    public static RejectionException Unprocessable(string code, string problem, string? parameter = null) =>
        new(StatusCodes.Status422UnprocessableEntity, code, problem) { Parameter = parameter };

    public static RejectionException NotFound(string code, string problem) => new(StatusCodes.Status404NotFound, code, problem);

    public static RejectionException Unauthorized(string problem) => new(StatusCodes.Status401Unauthorized, "invalid_api_key", problem);

    public static RejectionException Forbidden(string code, string problem) => new(StatusCodes.Status403Forbidden, code, problem);

    public static RejectionException TooMany(string code, string problem, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, code, problem) { RetryAfter = retryAfter };

    public static RejectionException Unavailable(string code, string problem, TimeSpan? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, code, problem) { RetryAfter = retryAfter };

    public static RejectionException Stopping() => Unavailable("server_stopping", "The server is being stopped.", TimeSpan.FromSeconds(5));

    public static RejectionException TimedOut(TimeSpan deadline) => new(
        StatusCodes.Status504GatewayTimeout, "deadline_exceeded", $"The request took longer than the {deadline.TotalSeconds:0.###} s that the server gives it: ask for fewer tokens, or start it with a longer --deadline.");
}
