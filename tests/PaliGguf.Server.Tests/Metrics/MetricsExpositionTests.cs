using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PaliGguf.Server.Metrics;

namespace PaliGguf.Server.Tests.Metrics;

public sealed class MetricsExpositionTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly IMeterFactory _meters;
    private readonly MetricsExposition _exposition;

    public MetricsExpositionTests()
    {
        _meters = _services.GetRequiredService<IMeterFactory>();
        _exposition = new MetricsExposition(_meters, "shown");
    }

    [Fact]
    public void A_counter_adds_up_for_each_set_of_labels_whatever_their_order()
    {
        Counter<long> counter = _meters.Create("shown").CreateCounter<long>("things", "{thing}", "Some\nthings.");
        counter.Add(1, new("b", "x"), new("a", true));
        counter.Add(2, new("a", true), new("b", "x"));
        counter.Add(4, new KeyValuePair<string, object?>("a", null));
        Assert.Equal("# HELP things_total Some\\nthings.\n# TYPE things_total counter\nthings_total{a=\"\"} 4\nthings_total{a=\"true\",b=\"x\"} 3\n", _exposition.Write());
    }

    [Fact]
    public void A_histogram_counts_what_is_at_most_each_boundary()
    {
        Histogram<double> histogram = _meters.Create("shown").CreateHistogram("time", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (double value in new[] { 0.25, 0.5, 1, 8 }) histogram.Record(value, new KeyValuePair<string, object?>("a", "b"));
        Assert.Equal(
            """
            # TYPE time_seconds histogram
            time_seconds_bucket{a="b",le="0.5"} 2
            time_seconds_bucket{a="b",le="2"} 3
            time_seconds_bucket{a="b",le="+Inf"} 4
            time_seconds_sum{a="b"} 9.75
            time_seconds_count{a="b"} 4

            """, _exposition.Write());
    }

    [Fact]
    public void What_goes_up_and_down_is_a_gauge_observed_or_not()
    {
        int waiting = 5;
        Meter meter = _meters.Create("shown");
        meter.CreateObservableUpDownCounter("waiting", () => waiting);
        UpDownCounter<int> running = meter.CreateUpDownCounter<int>("running");
        running.Add(3);
        running.Add(-1);
        _exposition.Write();
        waiting = 2;
        Assert.Equal("# TYPE running gauge\nrunning 2\n# TYPE waiting gauge\nwaiting 2\n", _exposition.Write());
    }

    [Fact]
    public void Other_meters_are_not_shown_nor_those_of_another_factory()
    {
        _meters.Create("hidden").CreateCounter<long>("a").Add(1);
        using Meter elsewhere = new("shown");
        elsewhere.CreateCounter<long>("b").Add(1);
        Assert.Equal("", _exposition.Write());
    }

    [Fact]
    public void Labels_without_end_do_not_take_memory_without_end()
    {
        Counter<long> counter = _meters.Create("shown").CreateCounter<long>("flood");
        for (int label = 0; label < 5000; label++) counter.Add(1, new KeyValuePair<string, object?>("a", label));
        Assert.Equal(1000, _exposition.Write().Split('\n').Count(line => line.StartsWith("flood_total{", StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        _exposition.Dispose();
        _services.Dispose();
    }
}
