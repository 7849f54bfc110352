using System.Runtime.CompilerServices;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Batch.Sources;
using PaliGguf.Batch.Tests.Journals;
using PaliGguf.Batch.Tests.Results;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Runs;

public sealed class BatchRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ResultPaths Paths => new(_folder.File("out.jsonl"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_goes_on_where_it_was_drained_and_each_picture_is_answered_once()
    {
        string[] ids = [.. Enumerable.Range(0, 50).Select(i => $"{i}")];
        for (int most = 3; await RunAsync(ids, drainAfter: most) != ids.Length; most += 5)
        {
        }

        Assert.Equal(ids, Answered());
    }

    [Fact]
    public async Task Pictures_that_come_and_go_between_runs_and_another_order_lose_and_double_nothing()
    {
        await RunAsync(["a", "b", "c", "d"]);
        await RunAsync(["d", "x", "b", "a", "y"]);
        Assert.Equal(["a", "b", "c", "d", "x", "y"], Answered());
    }

    [Fact]
    public async Task The_second_picture_of_an_id_fails_in_the_first_run_and_is_not_told_again()
    {
        for (int run = 0; run < 2; run++)
        {
            await RunAsync(["a", "b", "a", "a"]);
            Assert.Equal(["a", "b"], Answered());
            Assert.Equal(
                ["a (occurrence 2)", "a (occurrence 3)"],
                File.ReadLines(Paths.Failures)
                    .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()));
        }
    }

    [Fact]
    public async Task What_failed_is_asked_again_alone_and_leaves_the_failures_when_it_is_answered()
    {
        await RunAsync(["a", "bad1", "b", "bad2"]);
        await RunAsync(["a", "bad1", "b", "bad2"]);
        Assert.Equal(2, File.ReadLines(Paths.Failures).Count());
        Assert.Equal(2, await RunAsync(["a", "bad1", "b", "bad2"], again: true, heals: "bad1"));
        Assert.Equal(["a", "b", "bad1"], Answered());
        Assert.Contains("bad2", Assert.Single(File.ReadLines(Paths.Failures)));
        Assert.Equal(1, await RunAsync(["a", "bad1", "b", "bad2"], again: true, heals: "bad2"));
        Assert.Equal(["a", "b", "bad1", "bad2"], Answered());
        Assert.Empty(File.ReadLines(Paths.Failures));
        await RunAsync(["a", "bad1", "b", "bad2", "c"]);
        Assert.Equal(["a", "b", "c", "bad1", "bad2"], Answered());
    }

    [Fact]
    public async Task A_failure_whose_picture_is_not_found_any_more_stays()
    {
        await RunAsync(["bad1", "bad2"]);
        await RunAsync(["bad1"], again: true, heals: "bad1");
        Assert.Contains(File.ReadLines(Paths.Failures), line => line.Contains("bad2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_more_are_taken_than_the_limit_says()
    {
        await RunAsync(["a", "b", "c"], limit: 2);
        Assert.Equal(["a", "b"], Answered());
        await RunAsync(["a", "b", "c"], limit: 3);
        Assert.Equal(["a", "b", "c"], Answered());
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_number_of_pictures_as_only_few_are_listed_ahead()
    {
        int listed = 0, answered = 0, most = 0;
        IEnumerable<WorkItem> Listed()
        {
            for (int i = 0; i < 2000; i++)
            {
                most = Math.Max(most, Interlocked.Increment(ref listed) - Volatile.Read(ref answered));
                yield return Item($"{i}");
            }
        }

        using ResultJournal results = ResultJournal.Open(Paths, JournalFileTests.Facts);
        using BatchRun run = new(new Given(Listed()), results, []);
        Assert.True(run.FindOpen(default));
        async IAsyncEnumerable<ItemAnswer> AnswerAsync(
            IAsyncEnumerable<WorkItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (WorkItem item in items.WithCancellation(cancellationToken))
            {
                yield return ResultJournalTests.Answer(item.Id);
                Interlocked.Increment(ref answered);
            }
        }

        await run.RunAsync(AnswerAsync, null, default);
        Assert.Equal(2000, run.Tally.Answered);
        Assert.InRange(most, 1, 20);
    }

    private static WorkItem Item(string id) => new(id, new PictureFile(id));

    private string[] Answered()
    {
        string[] ids = [.. File.ReadLines(Paths.Lines)
            .Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        return [.. ids.OrderBy(id => id.Length).ThenBy(id => id, StringComparer.Ordinal)];
    }

    // Pictures called "bad" fail, but for those that have healed. Returns how many are done, or were asked.
    private async Task<long> RunAsync(
        string[] ids, int drainAfter = int.MaxValue, bool again = false, string? heals = null, long limit = long.MaxValue)
    {
        using ResultJournal results = ResultJournal.Open(Paths, JournalFileTests.Facts);
        using BatchRun run = new(new Given(ids.Select(Item)), results, [], again ? Paths.Failures : null, limit);
        using CancellationTokenSource drain = new();
        if (!run.FindOpen(default) || await run.RunAsync(AnswerAsync, null, drain.Token)) run.Finish();
        return again ? run.Tally.Run : run.Tally.Done + run.Tally.Run;

        async IAsyncEnumerable<ItemAnswer> AnswerAsync(
            IAsyncEnumerable<WorkItem> items, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            int count = 0;
            await foreach (WorkItem item in items.WithCancellation(cancellationToken))
            {
                if (++count == drainAfter) await drain.CancelAsync();
                bool fails = item.Problem is not null || (item.Id.StartsWith("bad", StringComparison.Ordinal) && item.Id != heals);
                yield return fails ? ResultJournalTests.Failure(item.Id) : ResultJournalTests.Answer(item.Id);
            }
        }
    }

    private sealed class Given(IEnumerable<WorkItem> items) : IWorkSource
    {
        public bool MayRepeat => true;

        public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) => items;

        public long? Count(CancellationToken cancellationToken = default) => null;
    }
}
