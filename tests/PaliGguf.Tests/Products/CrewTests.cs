using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class CrewTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_is_computed_once_in_every_call(int parts)
    {
        using Crew crew = new();
        Counted work = new(parts);
        for (int call = 1; call <= 20_000; call++)
        {
            crew.Run(work, parts);
            Assert.All(work.Times, times => Assert.Equal(call, times));
        }
    }

    [Fact]
    public void Whoever_is_held_up_keeps_one_part_and_the_caller_takes_the_rest()
    {
        using Crew crew = new();
        using ManualResetEventSlim over = new();
        // A part that another thread takes lasts until all are begun: those seven threads can not begin the eighth.
        Meeting work = new(parts: 8, Environment.CurrentManagedThreadId, over);
        crew.Run(work, 8);
        Assert.Equal(8, work.Own + work.Others);
        Assert.InRange(work.Own, 1, 8);
    }

    [Fact]
    public void Calls_of_different_sizes_follow_each_other_also_after_a_rest()
    {
        using Crew crew = new();
        for (int round = 0; round < 50; round++)
        {
            foreach (int parts in (int[])[3, 1, 2, 7])
            {
                Counted work = new(parts);
                crew.Run(work, parts);
                Assert.All(work.Times, times => Assert.Equal(1, times));
            }

            // Longer than anybody waits awake.
            Thread.Sleep(1);
        }
    }

    [Fact]
    public void It_ends_while_its_threads_sleep_and_while_they_look_for_work()
    {
        for (int round = 0; round < 40; round++)
        {
            using Crew crew = new();
            crew.Run(new Counted(3), 3);
            if (round % 2 == 0) Thread.Sleep(1);
        }
    }

    private sealed class Counted(int parts) : Crew.IParts
    {
        public int[] Times { get; } = new int[parts];

        public void Compute(int part, int count)
        {
            Assert.Equal(parts, count);
            Interlocked.Increment(ref Times[part]);
        }
    }

    private sealed class Meeting(int parts, int caller, ManualResetEventSlim over) : Crew.IParts
    {
        private int _begun, _own, _others;

        public int Own => _own;

        public int Others => _others;

        public void Compute(int part, int count)
        {
            bool own = Environment.CurrentManagedThreadId == caller;
            if (Interlocked.Increment(ref _begun) == parts) over.Set();
            if (!own) over.Wait();
            Interlocked.Increment(ref own ? ref _own : ref _others);
        }
    }
}
