using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PaliGguf.Cli.Mcp;

/// <summary>Tells a client that asked for it how far its call has come: 0 to 1 while the model loads, 1 to 2 while it answers.</summary>
internal sealed class ToolProgress(RequestContext<CallToolRequestParams> request)
{
    private const float End = 2;
    private float _last = -1;

    /// <summary>Tells of a step, unless it is none: what is told only grows.</summary>
    public async Task ReportAsync(float progress, string message, CancellationToken cancellationToken)
    {
        if (request.Params?.ProgressToken is not { } token || progress <= _last) return;
        _last = Math.Min(progress, End);
        ProgressNotificationValue value = new() { Progress = _last, Total = End, Message = message };
        await request.Server.NotifyProgressAsync(token, value, cancellationToken: cancellationToken);
    }
}
