using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using PaliGguf.Imaging;

namespace PaliGguf.Server.Http;

/// <summary>What a client is told of an exception.</summary>
internal static class Failure
{
    /// <summary>The rejection that an exception amounts to.</summary>
    /// <returns>False for a fault of the server's own, of which a client learns nothing.</returns>
    public static bool TryDescribe(Exception failure, [NotNullWhen(true)] out RejectionException? rejection)
    {
        rejection = failure switch
        {
            RejectionException known => known,
            FieldException { Place: "" } request => Rejection.Malformed(request.Message),
            FieldException field => Rejection.Invalid(field.Place, field.Message),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Rejection.TooLarge("The body is larger than this server takes."),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => new RejectionException(StatusCodes.Status408RequestTimeout, "body_too_slow", "The body came too slowly."),
            BadHttpRequestException { StatusCode: >= 400 and < 500 and var status } => new RejectionException(status, "bad_request", "The request is malformed."),
            UnknownImageFormatException image => Rejection.WrongType($"{image.Name}: {image.Problem}", image.Name),
            ImageLimitException image => Rejection.Unprocessable("picture_too_large", $"{image.Name}: {PictureAdvice.Of(image)}", image.Name),
            ImageException image => Rejection.Unprocessable("invalid_picture", $"{image.Name}: {image.Problem}", image.Name),
            ModelChangedException => Rejection.Unavailable("model_changed", "The model's file was changed while the server runs: the server has to be started again."),
            _ => null,
        };
        return rejection is not null;
    }

    /// <summary>What stands for a fault of the server's own.</summary>
    public static RejectionException Internal(string requestId) =>
        new(StatusCodes.Status500InternalServerError, "internal_error", $"The server failed; its log tells more under the request id {requestId}.");
}
