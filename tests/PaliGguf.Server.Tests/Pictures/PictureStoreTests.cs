using PaliGguf.Server.Http;
using PaliGguf.Server.Pictures;

namespace PaliGguf.Server.Tests.Pictures;

public sealed class PictureStoreTests
{
    private readonly SetTime _time = new();

    [Fact]
    public void What_was_used_longest_ago_makes_room()
    {
        PictureStore store = new(capacity: 20, expiry: null, _time);
        string[] ids = [.. new byte[] { 1, 2, 3 }.Select(value => Add(store, value, 8))];
        Assert.Equal((16, 2), (store.Bytes, store.Count));
        Assert.Equal(410, Status(() => store.Get(ids[0])));

        store.Get(ids[1]);
        Add(store, 4, 8);
        Assert.Equal(8, store.Get(ids[1]).Length);
        Assert.Equal(410, Status(() => store.Get(ids[2])));
    }

    [Fact]
    public void A_picture_is_kept_for_a_time_after_its_last_use()
    {
        PictureStore store = new(capacity: 100, TimeSpan.FromMinutes(10), _time);
        string id = Add(store, 1, 8);
        _time.Pass(TimeSpan.FromMinutes(9));
        store.Get(id);
        _time.Pass(TimeSpan.FromMinutes(9));
        store.Get(id);
        _time.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal(410, Status(() => store.Get(id)));
        Assert.Equal(0, store.Bytes);
        Assert.Equal(id, Add(store, 1, 8));
        Assert.Equal(8, store.Get(id).Length);
    }

    [Fact]
    public void The_same_picture_takes_its_room_once()
    {
        PictureStore store = new(capacity: 100, expiry: null, _time);
        Assert.False(store.Add(new byte[8]).Known);
        Assert.True(store.Add(new byte[8]).Known);
        Assert.Equal((8, 1), (store.Bytes, store.Count));
    }

    [Fact]
    public void A_picture_that_is_too_large_leaves_the_others_where_they_are()
    {
        PictureStore store = new(capacity: 10, expiry: null, _time);
        string id = Add(store, 1, 8);
        Assert.Equal(422, Status(() => store.Add(new byte[11])));
        Assert.Equal(8, store.Get(id).Length);
        Assert.Equal(422, Status(() => new PictureStore(0, null, _time).Add(new byte[1])));
    }

    [Fact]
    public void The_bytes_are_copied()
    {
        PictureStore store = new(capacity: 10, expiry: null, _time);
        byte[] file = [1, 2, 3];
        string id = store.Add(file).Id;
        file[0] = 9;
        Assert.Equal(1, store.Get(id).Span[0]);
    }

    private static string Add(PictureStore store, byte value, int length) => store.Add(Enumerable.Repeat(value, length).ToArray()).Id;

    private static int Status(Action action) => Assert.Throws<RejectionException>(action).Status;

    private sealed class SetTime : TimeProvider
    {
        private long _ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time) => _ticks += time.Ticks;
    }
}
