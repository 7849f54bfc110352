using PaliGguf.Broker.Collecting;

namespace PaliGguf.Broker.Tests.Collecting;

public sealed class LossWatchTests
{
    private readonly Clock _clock = new();
    private readonly LossWatch _watch;

    public LossWatchTests() => _watch = new LossWatch(TimeSpan.FromSeconds(30), _clock);

    [Fact]
    public void What_waits_is_not_lost()
    {
        for (int look = 0; look < 100; look++) Assert.False(LostAfter(3600, waiting: 1, workers: look % 2));
    }

    [Fact]
    public void Without_workers_what_does_not_wait_is_lost_at_the_second_look()
    {
        Assert.False(LostAfter(2, waiting: 0, workers: 0));
        Assert.True(LostAfter(2, waiting: 0, workers: 0));
    }

    [Fact]
    public void A_worker_that_has_not_answered_yet_is_given_more_time()
    {
        Assert.False(LostAfter(299, waiting: 0, workers: 1));
        Assert.True(LostAfter(2, waiting: 0, workers: 1));
    }

    [Fact]
    public void Workers_are_given_four_times_as_long_as_the_slowest_took()
    {
        _watch.Answered(TimeSpan.FromSeconds(20));
        _watch.Answered(TimeSpan.FromSeconds(1));
        Assert.False(LostAfter(79, waiting: 0, workers: 3));
        Assert.True(LostAfter(2, waiting: 0, workers: 3));
    }

    [Fact]
    public void Fast_ones_are_given_the_least()
    {
        _watch.Answered(TimeSpan.FromSeconds(1));
        Assert.False(LostAfter(29, waiting: 0, workers: 3));
        _watch.Stirs();
        Assert.False(LostAfter(29, waiting: 0, workers: 3));
        Assert.True(LostAfter(2, waiting: 0, workers: 3));
    }

    [Fact]
    public void What_was_sent_in_vain_waits_twice_as_long()
    {
        _watch.Answered(null);
        _watch.Answered(TimeSpan.FromSeconds(1));
        Assert.True(LostAfter(31, waiting: 0, workers: 1));
        Assert.False(LostAfter(59, waiting: 0, workers: 1));
        Assert.True(LostAfter(2, waiting: 0, workers: 1));
        _watch.Answered(TimeSpan.FromSeconds(1));
        Assert.True(LostAfter(31, waiting: 0, workers: 1));
    }

    private bool LostAfter(double seconds, long waiting, long workers)
    {
        _clock.Seconds += seconds;
        return _watch.IsLost(waiting, workers);
    }

    private sealed class Clock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)(Seconds * 1000);
    }
}
