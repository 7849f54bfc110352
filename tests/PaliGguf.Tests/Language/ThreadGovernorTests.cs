using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class ThreadGovernorTests
{
    [Fact]
    public void On_an_idle_machine_all_threads_are_used_and_trials_become_rare()
    {
        ThreadGovernor governor = new(8);
        int[] used = Run(governor, 2000, Idle);
        Assert.Equal(8, governor.Threads);
        Assert.InRange(used.Count(threads => threads < 8), 1, 40);
        Assert.InRange(used[1000..].Count(threads => threads < 8), 0, 6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void Where_several_threads_collapse_one_is_soon_left(int most)
    {
        ThreadGovernor governor = new(most);
        int[] used = Run(governor, 400, threads => threads == 1 ? 100 : 100 * threads);
        Assert.All(used[60..], (threads, _) => Assert.InRange(threads, 1, 2));
        Assert.InRange(used[60..].Count(threads => threads > 1), 0, 16);
    }

    [Fact]
    public void The_number_between_that_is_fastest_is_found()
    {
        ThreadGovernor governor = new(8);
        int[] used = Run(governor, 1000, threads => threads switch { 1 => 40, 2 => 22, 4 => 15, _ => 60 });
        Assert.InRange(used[100..].Count(threads => threads != 4), 0, 60);
    }

    [Fact]
    public void When_the_load_ends_all_threads_come_back()
    {
        ThreadGovernor governor = new(4);
        Run(governor, 3000, Idle);
        int[] loaded = Run(governor, 200, threads => threads == 1 ? 150 : 400);
        Assert.InRange(loaded.Count(threads => threads > 1), 1, 30);
        Assert.Equal(1, loaded[^1]);
        int[] after = Run(governor, 200, Idle);
        Assert.InRange(after.Count(threads => threads < 4), 1, 30);
    }

    [Fact]
    public void A_trial_that_is_much_slower_is_given_up_after_one_step()
    {
        ThreadGovernor governor = new(2);
        Run(governor, 100, threads => threads == 1 ? 10 : 50);
        int[] used = Run(governor, 2000, threads => threads == 1 ? 10 : 1000);
        for (int step = 1; step < used.Length; step++) Assert.False(used[step] == 2 && used[step - 1] == 2);
    }

    [Fact]
    public void Steps_of_different_numbers_of_tokens_are_not_compared()
    {
        ThreadGovernor governor = new(2);
        for (int step = 0; step < 1000; step++)
        {
            governor.Stepped(rows: (step % 3) + 1, TimeSpan.FromMilliseconds(10 * ((step % 3) + 1)));
            Assert.Equal(2, governor.Threads);
        }
    }

    [Fact]
    public void One_thread_stays_one()
    {
        ThreadGovernor governor = new(1);
        Assert.All(Run(governor, 50, _ => 10), threads => Assert.Equal(1, threads));
    }

    private static double Idle(int threads) => 100.0 / threads;

    /// <summary>The threads that each step was taken on.</summary>
    private static int[] Run(ThreadGovernor governor, int steps, Func<int, double> milliseconds)
    {
        int[] used = new int[steps];
        for (int step = 0; step < steps; step++)
        {
            used[step] = governor.Threads;
            governor.Stepped(1, TimeSpan.FromMilliseconds(milliseconds(used[step])));
        }

        return used;
    }
}
