using System.Diagnostics;
using System.Text;
using PaliGguf.Language;
using PaliGguf.Server.Http;
using PaliGguf.Server.Metrics;

namespace PaliGguf.Server.Work;

/// <summary>A request whose turn it is: it may use the model until this is disposed.</summary>
internal sealed class ModelTurn(PaliModel model, string operation, IDisposable place, RequestClock clock, ServerMetrics metrics) : IDisposable
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private string? _error;

    public PaliModel Model => model;

    /// <summary>Cancelled when the request is to end.</summary>
    public CancellationToken Token => clock.Token;

    /// <summary>The request's pictures.</summary>
    public RgbImage[] Pictures { get; set; } = [];

    /// <summary>Starts an answer, and waits for its first token: what is wrong with the request shows before anything is sent.</summary>
    public async Task<RunningAnswer> StartAsync(GenerationRequest request)
    {
        request = request with { Images = Pictures };
        bool fits = Fits(request.Prompt, request.Beams);
        IAsyncEnumerator<GeneratedToken>? tokens = null;
        try
        {
            Generation generation = model.GenerateAsync(request, Token);
            tokens = generation.GetAsyncEnumerator(CancellationToken.None);
            bool any = await tokens.MoveNextAsync();
            metrics.Begun(operation, model.Info.Name, Stopwatch.GetElapsedTime(_start));
            return new RunningAnswer(this, generation, tokens, any, fits);
        }
        catch (Exception failure)
        {
            if (tokens is not null) await tokens.DisposeAsync();
            throw Translate(failure, fits);
        }
    }

    /// <summary>Does something else with the model.</summary>
    /// <param name="longest">The longest prompt that it has.</param>
    /// <param name="run">What to do.</param>
    public async Task<T> RunAsync<T>(string longest, Func<Task<T>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception failure)
        {
            throw Translate(failure, Fits(longest, beams: 1));
        }
    }

    /// <summary>An answer has ended.</summary>
    public void Answered(GenerationResult result) => metrics.Answered(operation, model.Info.Name, result);

    /// <summary>The request has failed.</summary>
    public void Failed(Exception failure) =>
        _error ??= Failure.TryDescribe(failure, out RejectionException? rejection) ? rejection.Code
            : failure is not OperationCanceledException ? "internal_error"
            : clock.ClientLeft || !clock.Token.IsCancellationRequested ? "client_left" : clock.Reason().Code;

    /// <summary>Tells a request that can not be run from a model that fails.</summary>
    /// <param name="failure">What the model threw.</param>
    /// <param name="fits">Whether there is room for the request for certain.</param>
    public Exception Translate(Exception failure, bool fits)
    {
        Exception told = failure switch
        {
            ArgumentException argument => Rejection.Unprocessable("invalid_request", WithoutParameter(argument)),
            InferenceException when !fits => Rejection.Unprocessable("context_length_exceeded", failure.Message),
            OperationCanceledException when clock.Token.IsCancellationRequested && !clock.ClientLeft => clock.Reason(),
            _ => failure,
        };
        Failed(told);
        return told;
    }

    public void Dispose()
    {
        metrics.Ended(operation, model.Info.Name, Stopwatch.GetElapsedTime(_start), _error);
        place.Dispose();
    }

    // A token of text has at least one byte, and a byte that no piece covers is one token; a space that none covers is three.
    private bool Fits(string prompt, int beams)
    {
        long rows = ((long)Pictures.Length * model.Info.ImageTokens) + 2 + (3L * Encoding.UTF8.GetByteCount(prompt));
        return rows <= model.Memory.PrefixLength && rows + beams <= model.Info.ContextLength;
    }

    // The runtime appends the parameter's name, which says nothing to a client.
    private static string WithoutParameter(ArgumentException failure) =>
        failure.ParamName is { Length: > 0 } name ? failure.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : failure.Message;
}
