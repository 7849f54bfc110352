using System.Diagnostics;
using System.Diagnostics.Metrics;
using PaliGguf.Language;

namespace PaliGguf.Server.Metrics;

/// <summary>
/// What is measured of the work of a server. Names, units, attributes and buckets are those of OpenTelemetry's semantic conventions for generative AI, where these
/// have them.
/// </summary>
internal sealed class ServerMetrics : IDisposable
{
    public const string MeterName = "PaliGguf.Server";

    // From the conventions, "Generative AI metrics".
    private static readonly InstrumentAdvice<double> Durations = Buckets(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static readonly InstrumentAdvice<double> FirstTokens = Buckets(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);
    private static readonly InstrumentAdvice<double> FurtherTokens = Buckets(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);
    private static readonly InstrumentAdvice<long> Tokens = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] };

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _timePerOutputToken;
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<double> _visionTime;
    private readonly Counter<long> _refused;

    public ServerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram("gen_ai.server.request.duration", "s", "How long a request took on the model, without the time it waited.", advice: Durations);
        _timeToFirstToken = _meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From a request's turn to the first token of its answer.", advice: FirstTokens);
        _timePerOutputToken = _meter.CreateHistogram("gen_ai.server.time_per_output_token", "s", "The time for each further token of an answer.", advice: FurtherTokens);
        _tokens = _meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "The tokens of prefixes (pictures and prompt) and answers.", advice: Tokens);
        _queueTime = _meter.CreateHistogram("paligguf.queue.duration", "s", "How long a request waited for its turn.", advice: Durations);
        _visionTime = _meter.CreateHistogram("paligguf.vision.duration", "s", "How long the vision tower took for a request; near zero for pictures it has seen.", advice: FirstTokens);
        _refused = _meter.CreateCounter<long>("paligguf.requests.refused", "{request}", "Requests that were refused with status 429.");
    }

    /// <summary>Shows numbers that others keep.</summary>
    public void Watch(Func<int> running, Func<int> waiting, Func<long> pictureBytes, Func<int> pictures)
    {
        _meter.CreateObservableUpDownCounter("paligguf.requests.running", running, "{request}", "Requests whose turn it is.");
        _meter.CreateObservableUpDownCounter("paligguf.queue.length", waiting, "{request}", "Requests that wait for their turn.");
        _meter.CreateObservableUpDownCounter("paligguf.pictures.size", pictureBytes, "By", "Bytes of the uploaded pictures that are kept.");
        _meter.CreateObservableUpDownCounter("paligguf.pictures.count", pictures, "{picture}", "Uploaded pictures that are kept.");
    }

    /// <summary>A request was refused.</summary>
    /// <param name="reason">"queue" or "rate".</param>
    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>A request waited.</summary>
    public void Waited(TimeSpan time) => _queueTime.Record(time.TotalSeconds);

    /// <summary>A request has ended.</summary>
    /// <param name="operation">What it asked for.</param>
    /// <param name="model">The model's name.</param>
    /// <param name="time">How long it took.</param>
    /// <param name="error">Why it failed, in a word; null if it did not.</param>
    public void Ended(string operation, string model, TimeSpan time, string? error)
    {
        TagList tags = Tags(operation, model);
        if (error is not null) tags.Add("error.type", error);
        _duration.Record(time.TotalSeconds, tags);
    }

    /// <summary>An answer has its first token.</summary>
    public void Begun(string operation, string model, TimeSpan time) => _timeToFirstToken.Record(time.TotalSeconds, Tags(operation, model));

    /// <summary>An answer has ended.</summary>
    public void Answered(string operation, string model, GenerationResult result)
    {
        TagList tags = Tags(operation, model);
        if (result.Timings.DecodeSteps > 0) _timePerOutputToken.Record(result.Timings.Decode.TotalSeconds / result.Timings.DecodeSteps, tags);
        _visionTime.Record(result.Timings.Vision.TotalSeconds, tags);
        _tokens.Record(result.PrefixTokens, [.. tags, new("gen_ai.token.type", "input")]);
        _tokens.Record(result.Tokens.Count, [.. tags, new("gen_ai.token.type", "output")]);
    }

    public void Dispose() => _meter.Dispose();

    private static TagList Tags(string operation, string model) => new()
    {
        { "gen_ai.operation.name", operation },
        { "gen_ai.provider.name", "paligguf" },
        { "gen_ai.request.model", model },
    };

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
