using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace PaliGguf.Server.Http;

/// <summary>What all requests have around them: a name, a clock, headers, an answer to every failure, a line in the log.</summary>
internal sealed partial class RequestFrame(ServerOptions options, Drain drain, ILogger<RequestFrame> logger)
{
    /// <summary>The status in the log of a request whose client left, as nginx writes it.</summary>
    private const int ClientLeft = 499;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        long start = Stopwatch.GetTimestamp();
        RequestId.Assign(context);
        SecurityHeaders.Set(context.Response);
        using IDisposable? scope = logger.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", context.TraceIdentifier) });
        using RequestClock clock = RequestClock.Start(context, options, drain.Ended);
        string method = context.Request.Method;
        int? broken = null;
        // What GET answers, HEAD does too; the web server leaves the body out.
        if (HttpMethods.IsHead(method)) context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
            if (!context.Response.HasStarted && !AllowedMethods.Answer(context) && Unanswered(context) is { } rejection)
                await ErrorResponse.WriteAsync(context, rejection);
        }
        catch (BrokenOffException failure)
        {
            broken = failure.Status;
            throw;
        }
        catch (Exception failure)
        {
            await AnswerAsync(context, clock, failure);
        }
        finally
        {
            LogRequest(
                method, Route(context), clock.ClientLeft ? ClientLeft : broken ?? context.Response.StatusCode,
                Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds, 1), context.TraceIdentifier);
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestClock clock, Exception failure)
    {
        if (clock.ClientLeft) return;
        RejectionException rejection = Describe(context, clock, failure);
        if (context.Response.HasStarted)
        {
            // Half an answer is to look like one.
            context.Abort();
            return;
        }

        try
        {
            await ErrorResponse.WriteAsync(context, rejection);
        }
        catch (Exception unsent) when (unsent is OperationCanceledException or IOException)
        {
            // The client left meanwhile.
        }
    }

    /// <summary>What the client is told of a failure.</summary>
    public RejectionException Describe(HttpContext context, RequestClock clock, Exception failure)
    {
        if (failure is OperationCanceledException && clock.Token.IsCancellationRequested) return clock.Reason();
        if (failure is ModelChangedException changed) LogModelChanged(changed.Message, context.TraceIdentifier);
        if (Failure.TryDescribe(failure, out RejectionException? rejection)) return rejection;
        LogFailure(failure, context.TraceIdentifier);
        return Failure.Internal(context.TraceIdentifier);
    }

    private static RejectionException? Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Rejection.NotFound("not_found", "There is nothing here; /openapi/v1.json describes what there is."),
        StatusCodes.Status405MethodNotAllowed => new RejectionException(StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This address does not take {context.Response.Headers.Allow switch { [] => "this method", var allow => $"other methods than {allow}" }}."),
        StatusCodes.Status415UnsupportedMediaType => Rejection.WrongType("This address does not take a body of this type."),
        _ => null,
    };

    // What was asked for may hold anything; the pattern that it matched does not.
    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(unknown)";

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms, request {RequestId}")]
    private partial void LogRequest(string method, string route, int status, double milliseconds, string requestId);

    [LoggerMessage(2, LogLevel.Error, "Request {RequestId} failed")]
    private partial void LogFailure(Exception failure, string requestId);

    [LoggerMessage(6, LogLevel.Error, "{Problem} Request {RequestId} was refused for it")]
    private partial void LogModelChanged(string problem, string requestId);
}
