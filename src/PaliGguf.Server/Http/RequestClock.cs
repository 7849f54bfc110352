using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PaliGguf.Server.Http;

/// <summary>How long a request may go on: until its client leaves, its time is over, or the server has waited long enough for it.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly CancellationToken _clientLeft;
    private readonly CancellationToken _drained;
    private readonly TimeSpan _deadline;
    private readonly CancellationTokenSource _time;
    private readonly CancellationTokenSource _end;

    private RequestClock(TimeSpan deadline, TimeProvider time, CancellationToken clientLeft, CancellationToken drained)
    {
        (_clientLeft, _drained, _deadline) = (clientLeft, drained, deadline);
        _time = new CancellationTokenSource(deadline, time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(clientLeft, drained, _time.Token);
    }

    /// <summary>Cancelled when the request is to end.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether nobody waits for an answer any more.</summary>
    public bool ClientLeft => _clientLeft.IsCancellationRequested;

    /// <summary>Starts the clock of a request.</summary>
    public static RequestClock Start(HttpContext context, ServerOptions options, CancellationToken drained)
    {
        RequestClock clock = new(options.Deadline, options.Time, context.RequestAborted, drained);
        context.Features.Set(clock);
        return clock;
    }

    /// <summary>The clock of a request.</summary>
    public static RequestClock Of(HttpContext context) => context.Features.GetRequiredFeature<RequestClock>();

    /// <summary>Why the request was ended, for a client that is still there.</summary>
    public RejectionException Reason() => _drained.IsCancellationRequested
        ? Rejection.Unavailable("server_stopping", "The server is being stopped, and the request did not end in time.", TimeSpan.FromSeconds(5))
        : Rejection.TimedOut(_deadline);

    public void Dispose()
    {
        _end.Dispose();
        _time.Dispose();
    }
}
