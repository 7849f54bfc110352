using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace PaliGguf.Server.Metrics;

/// <summary>Gathers what instruments measure, and writes it as Prometheus reads it.</summary>
internal sealed class MetricsExposition : IDisposable
{
    // What a label may hold is bounded, but not all of it by this program.
    private const int MostSeries = 1000;

    private static readonly double[] DefaultBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);

    /// <param name="meters">Whose instruments are shown, by the factory that made their meters.</param>
    /// <param name="names">The names of the meters.</param>
    public MetricsExposition(IMeterFactory meters, params string[] names)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Other servers in the process have meters of the same names.
            if (!ReferenceEquals(instrument.Meter.Scope, meters) || !names.Contains(instrument.Meter.Name, StringComparer.Ordinal)) return;
            lock (_gate)
            {
                Metric metric = Metric.Of(instrument);
                if (_metrics.TryAdd(metric.Name, metric)) listener.EnableMeasurementEvents(instrument, metric);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, metric) => Record(metric, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, metric) => Record(metric, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, metric) => Record(metric, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, metric) => Record(metric, value, tags));
        _listener.Start();
    }

    /// <summary>All that has been measured so far.</summary>
    public string Write()
    {
        _listener.RecordObservableInstruments();
        StringBuilder text = new();
        lock (_gate)
        {
            foreach (Metric metric in _metrics.Values) metric.Write(text);
        }

        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(object? metric, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = tags.Length == 0 ? "" : Labels(tags);
        lock (_gate) ((Metric)metric!).Record(value, labels);
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<KeyValuePair<string, string>> labels = new(tags.Length);
        foreach ((string name, object? value) in tags)
        {
            string text = value switch { null => "", bool truth => truth ? "true" : "false", _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "" };
            labels.Add(new KeyValuePair<string, string>(PrometheusText.Name(name), text));
        }

        return PrometheusText.Labels(labels.OrderBy(label => label.Key, StringComparer.Ordinal));
    }

    private enum Kind
    {
        Counter,
        Gauge,
        UpDownCounter,
        Histogram,
    }

    /// <summary>One instrument and the series of all its labels.</summary>
    private sealed class Metric(string name, string help, Kind kind, bool observed, double[] boundaries)
    {
        private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);

        public string Name => name;

        public static Metric Of(Instrument instrument)
        {
            string type = instrument.GetType().Name;
            Kind kind = type.Contains("UpDownCounter", StringComparison.Ordinal) ? Kind.UpDownCounter
                : type.Contains("Counter", StringComparison.Ordinal) ? Kind.Counter
                : type.StartsWith("Histogram", StringComparison.Ordinal) ? Kind.Histogram
                : Kind.Gauge;
            return new Metric(
                PrometheusText.MetricName(instrument.Name, instrument.Unit, kind == Kind.Counter), PrometheusText.Help(instrument.Description ?? ""), kind, instrument.IsObservable,
                instrument switch
                {
                    Histogram<double> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised],
                    Histogram<long> { Advice.HistogramBucketBoundaries: { } advised } => [.. advised.Select(boundary => (double)boundary)],
                    _ => DefaultBoundaries,
                });
        }

        public void Record(double value, string labels)
        {
            if (!_series.TryGetValue(labels, out Series? series))
            {
                if (_series.Count >= MostSeries) return;
                _series.Add(labels, series = new Series(kind == Kind.Histogram ? new long[boundaries.Length] : []));
            }

            series.Sum = observed || kind == Kind.Gauge ? value : series.Sum + value;
            series.Count++;
            for (int bucket = 0; bucket < series.Buckets.Length; bucket++)
            {
                if (value <= boundaries[bucket]) series.Buckets[bucket]++;
            }
        }

        public void Write(StringBuilder text)
        {
            if (help.Length > 0) text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {kind switch { Kind.Counter => "counter", Kind.Histogram => "histogram", _ => "gauge" }}\n");
            foreach ((string labels, Series series) in _series)
            {
                if (kind != Kind.Histogram)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {PrometheusText.Number(series.Sum)}\n");
                    continue;
                }

                string open = labels.Length == 0 ? "{" : $"{labels[..^1]},";
                for (int bucket = 0; bucket < boundaries.Length; bucket++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{open}le=\"{PrometheusText.Number(boundaries[bucket])}\"}} {series.Buckets[bucket]}\n");
                }

                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{open}le=\"+Inf\"}} {series.Count}\n{name}_sum{labels} {PrometheusText.Number(series.Sum)}\n{name}_count{labels} {series.Count}\n");
            }
        }
    }

    private sealed class Series(long[] buckets)
    {
        /// <summary>How many values were at most each boundary.</summary>
        public long[] Buckets { get; } = buckets;

        public long Count { get; set; }

        public double Sum { get; set; }
    }
}
