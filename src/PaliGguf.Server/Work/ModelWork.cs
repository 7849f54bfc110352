using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;
using PaliGguf.Server.Models;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Work;

/// <summary>The way of all requests to the model: they wait for their turn, have their pictures decoded, and are measured.</summary>
internal sealed partial class ModelWork(
    IServedModels models, PictureDecoder decoder, ServerMetrics metrics, ServerOptions options, ILogger<ModelWork> logger)
{
    /// <summary>Refuses a request, before its body is read, that can not be answered now.</summary>
    /// <exception cref="RejectionException">The model is not there, or too many requests wait.</exception>
    public void RequireOpen() => Counting(models.RequireOpen);

    /// <summary>Refuses a name that is none of a model's.</summary>
    /// <exception cref="RejectionException">There is no such model.</exception>
    public void RequireKnown(string? name) => models.RequireKnown(name);

    /// <summary>The model that a request means, which stays loaded while it is used; waits for it where it has to be loaded.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">What it calls the model; null where it names none.</param>
    /// <param name="stay">How long the model is to stay loaded afterwards; null for as long as is usual.</param>
    /// <exception cref="RejectionException">There is no such model, or it can not be loaded.</exception>
    public Task<ModelUse> UseAsync(HttpContext context, string? name, TimeSpan? stay = null) =>
        CountingAsync(() => models.UseAsync(name, stay, RequestClock.Of(context).Token));

    /// <summary>Waits for a turn, and decodes the pictures when it has come: until then they take up little.</summary>
    /// <param name="context">The request.</param>
    /// <param name="use">The model that it means.</param>
    /// <param name="operation">What it asks for, in a word.</param>
    /// <param name="files">The pictures' files.</param>
    /// <returns>The turn; disposing it ends it.</returns>
    public Task<ModelTurn> BeginAsync(HttpContext context, ModelUse use, string operation, IReadOnlyList<PictureFile> files) =>
        BeginAsync(context, use, operation, stop => decoder.DecodeAsync(files, stop));

    /// <summary>Waits for a turn, and reads the pictures when it has come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="use">The model that it means.</param>
    /// <param name="operation">What it asks for, in a word.</param>
    /// <param name="read">Reads the pictures.</param>
    /// <returns>The turn; disposing it ends it.</returns>
    public async Task<ModelTurn> BeginAsync(
        HttpContext context, ModelUse use, string operation, Func<CancellationToken, Task<RgbImage[]>> read)
    {
        Counting(use.Queue.RequireRoom);
        RequestClock clock = RequestClock.Of(context);
        long start = Stopwatch.GetTimestamp();
        IDisposable place = await CountingAsync(() => use.Queue.EnterAsync(clock.Token));
        metrics.Waited(Stopwatch.GetElapsedTime(start));
        ModelTurn turn = new(use.Model, operation, place, clock, metrics);
        try
        {
            turn.Pictures = await read(clock.Token);
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
        catch (RejectionException refused) when (refused.Status == StatusCodes.Status429TooManyRequests)
        {
            metrics.Refused("queue");
            throw;
        }
    }

    private async Task<T> CountingAsync<T>(Func<Task<T>> enter)
    {
        try
        {
            return await enter();
        }
        catch (RejectionException refused) when (refused.Status == StatusCodes.Status429TooManyRequests)
        {
            metrics.Refused("queue");
            throw;
        }
    }

    [LoggerMessage(3, LogLevel.Information, "Request {RequestId}: {Prompt} -> {Answer}")]
    private partial void LogContent(string requestId, string prompt, string answer);
}
