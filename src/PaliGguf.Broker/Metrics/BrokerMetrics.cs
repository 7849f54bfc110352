using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PaliGguf.Broker.Metrics;

/// <summary>What is measured of a job, by whoever works for it. Names are those that a server has for the same.</summary>
internal sealed class BrokerMetrics : IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "PaliGguf.Broker";

    // The conventions' buckets for the time that requests take, and longer ones: pictures may wait for hours.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 600, 3600],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _waited;
    private readonly Histogram<double> _taken;
    private readonly Counter<long> _answered;
    private readonly Counter<long> _returned;
    private readonly UpDownCounter<long> _running;
    private long _depth;

    /// <param name="meters">Makes the meter.</param>
    public BrokerMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _waited = _meter.CreateHistogram("paligguf.queue.duration", "s", "How long a picture waited in the queue.", advice: Durations);
        _taken = _meter.CreateHistogram(
            "gen_ai.server.request.duration", "s", "From the beginning of a picture to its answers.", advice: Durations);
        _answered = _meter.CreateCounter<long>("paligguf.pictures.answered", "{picture}", "Pictures whose answers the broker has.");
        _returned = _meter.CreateCounter<long>(
            "paligguf.pictures.returned", "{picture}", "Pictures that came back without an answer, and are tried again or given up.");
        _running = _meter.CreateUpDownCounter<long>("paligguf.requests.running", "{picture}", "Pictures that are begun.");
        _meter.CreateObservableUpDownCounter(
            "paligguf.queue.length", () => Interlocked.Read(ref _depth), "{picture}", "Pictures that wait in the queue.");
    }

    /// <summary>How many pictures wait.</summary>
    internal void Waiting(long count) => Interlocked.Exchange(ref _depth, count);

    /// <summary>A picture is begun.</summary>
    /// <param name="waited">How long it waited, by two clocks; null where that is not known.</param>
    internal void Begun(TimeSpan? waited)
    {
        if (waited is { } time) _waited.Record(Math.Max(time.TotalSeconds, 0));
        _running.Add(1);
    }

    /// <summary>A picture has its answers.</summary>
    internal void Answered(TimeSpan taken, bool failed)
    {
        TagList tags = new() { { "failed", failed } };
        _running.Add(-1);
        _taken.Record(taken.TotalSeconds);
        _answered.Add(1, tags);
    }

    /// <summary>A picture came back.</summary>
    /// <param name="outcome">"again" or "failed".</param>
    internal void Returned(string outcome) => _returned.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
