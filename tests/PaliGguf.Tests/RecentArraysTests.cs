namespace PaliGguf.Tests;

public sealed class RecentArraysTests
{
    [Fact]
    public void What_was_added_is_found()
    {
        RecentArrays<int> recent = new(16);
        float[] values = [1, 2];
        Assert.False(recent.TryGet(1, out _));
        recent.Add(1, values);
        Assert.True(recent.TryGet(1, out float[]? found));
        Assert.Same(values, found);
        Assert.False(recent.TryGet(2, out _));
    }

    [Fact]
    public void Those_that_were_unused_longest_make_room()
    {
        RecentArrays<int> recent = new(3 * sizeof(float));
        for (int key = 1; key <= 3; key++) recent.Add(key, [key]);
        recent.TryGet(1, out _);
        recent.Add(4, [4, 4]);
        Assert.Equal([true, false, false, true], new[] { 1, 2, 3, 4 }.Select(key => recent.TryGet(key, out _)));
        Assert.Equal(3 * sizeof(float), recent.Bytes);
    }

    [Fact]
    public void An_array_added_twice_takes_one_place()
    {
        RecentArrays<int> recent = new(2 * sizeof(float));
        recent.Add(1, [1]);
        recent.Add(2, [2]);
        recent.Add(2, [2]);
        Assert.True(recent.TryGet(1, out _));
        Assert.Equal(2 * sizeof(float), recent.Bytes);
    }

    [Fact]
    public void An_array_beyond_the_limit_is_not_kept_and_displaces_none()
    {
        RecentArrays<int> recent = new(sizeof(float));
        recent.Add(1, [1]);
        recent.Add(2, [1, 2]);
        Assert.Equal([true, false], new[] { 1, 2 }.Select(key => recent.TryGet(key, out _)));
        RecentArrays<int> none = new(0);
        none.Add(1, [1]);
        Assert.False(none.TryGet(1, out _));
    }

    [Fact]
    public void Threads_may_use_it_at_once()
    {
        RecentArrays<int> recent = new(4 * sizeof(float));
        Parallel.For(0, 5000, index =>
        {
            int key = index % 9;
            if (recent.TryGet(key, out float[]? known)) Assert.Equal([key], known);
            else recent.Add(key, [key]);
        });
        Assert.InRange(Enumerable.Range(0, 9).Count(key => recent.TryGet(key, out _)), 1, 4);
        Assert.InRange(recent.Bytes, sizeof(float), 4 * sizeof(float));
    }
}
