using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Work;

/// <summary>The way of all requests to the model: they wait for their turn, have their pictures decoded, and are measured.</summary>
internal sealed partial class ModelWork(ServedModel served, AdmissionQueue queue, PictureDecoder decoder, ServerMetrics metrics, ServerOptions options, ILogger<ModelWork> logger)
{
    /// <summary>Refuses a request, before its body is read, that can not be answered now.</summary>
    /// <exception cref="RejectionException">The model is not there, or too many requests wait.</exception>
    public PaliModel RequireModel()
    {
        PaliModel model = served.Require();
        Counting(queue.RequireRoom);
        return model;
    }

    /// <summary>Waits for a turn, and decodes the pictures when it has come: until then they take up little.</summary>
    /// <param name="context">The request.</param>
    /// <param name="operation">What it asks for, in a word.</param>
    /// <param name="files">The pictures' files.</param>
    /// <returns>The turn; disposing it ends it.</returns>
    public async Task<ModelTurn> BeginAsync(HttpContext context, string operation, IReadOnlyList<PictureFile> files)
    {
        PaliModel model = RequireModel();
        RequestClock clock = RequestClock.Of(context);
        long start = Stopwatch.GetTimestamp();
        IDisposable place = await CountingAsync(() => queue.EnterAsync(clock.Token));
        metrics.Waited(Stopwatch.GetElapsedTime(start));
        ModelTurn turn = new(model, operation, place, clock, metrics);
        try
        {
            turn.Pictures = await decoder.DecodeAsync(files, clock.Token);
            return turn;
        }
        catch (Exception failure)
        {
            turn.Failed(failure);
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Writes what was asked and answered into the log, where that is wanted.</summary>
    public void Log(HttpContext context, string prompt, string answer)
    {
        if (options.LogContent) LogContent(context.TraceIdentifier, prompt, answer);
    }

    private void Counting(Action enter)
    {
        try
        {
            enter();
        }
        catch (RejectionException)
        {
            metrics.Refused("queue");
            throw;
        }
    }

    private async Task<IDisposable> CountingAsync(Func<Task<IDisposable>> enter)
    {
        try
        {
            return await enter();
        }
        catch (RejectionException)
        {
            metrics.Refused("queue");
            throw;
        }
    }

    [LoggerMessage(3, LogLevel.Information, "Request {RequestId}: {Prompt} -> {Answer}")]
    private partial void LogContent(string requestId, string prompt, string answer);
}
