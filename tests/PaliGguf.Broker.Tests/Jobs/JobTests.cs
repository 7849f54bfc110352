using System.Collections.Concurrent;
using PaliGguf.Batch.Results;
using PaliGguf.Broker.Collecting;
using PaliGguf.Broker.Messages;
using PaliGguf.Broker.Tests.Messages;
using PaliGguf.Broker.Tests.Rabbit;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>What becomes of pictures, whoever dies meanwhile.</summary>
[Collection(RabbitCollection.Name)]
public sealed class JobTests(RabbitServer rabbit) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly TestJob _job = new(rabbit.Port);
    private readonly CancellationTokenSource _end = new(Limit);

    public void Dispose()
    {
        _job.Dispose();
        _end.Dispose();
    }

    [RabbitFact]
    public async Task Every_picture_is_answered_once_by_any_number_of_workers()
    {
        Task[] workers = [.. Enumerable.Range(0, 3).Select(_ => _job.WorkAsync(_end.Token))];
        List<ItemAnswer> answers = await _job.CollectAsync(TestJob.Items(300));
        AssertComplete(300, answers);
        Assert.All(answers, answer => Assert.Equal($"of {answer.Id}.png", answer.Answers[0].Answer.GetProperty("text").GetString()));
        Assert.All(answers, answer => Assert.Equal(("caption", $"{answer.Id}.png"), (answer.Answers[0].Task, answer.Answers[0].Source)));
        await _end.CancelAsync();
        await Task.WhenAll(workers);
        Assert.True(_job.Told.IsEmpty, string.Join('\n', _job.Told));
        Assert.Equal([0, 0, 0, 0], await CountsAsync());
    }

    [RabbitFact]
    public async Task What_a_dead_worker_had_is_answered_by_others()
    {
        using CancellationTokenSource death = new();
        // It begins four, and dies before it has an answer.
        Task first = _job.WorkAsync(async (_, stop) => { await Task.Delay(Timeout.Infinite, stop); return ""; }, null, default, death.Token);
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(TestJob.Items(20));
        await UntilAsync(async () => (await CountsAsync())[0] == 16);
        await death.CancelAsync();
        await first.WaitAsync(TimeSpan.FromSeconds(30));
        Task second = _job.WorkAsync(_end.Token);
        AssertComplete(20, await collecting.WaitAsync(_end.Token));
        await _end.CancelAsync();
        await second;
    }

    [RabbitFact]
    public async Task A_picture_that_ends_its_worker_is_given_up_after_three_tries_and_all_others_are_answered()
    {
        ConcurrentBag<int> deaths = [];
        Task dying = Task.Run(async () =>
        {
            // As a supervisor starts them again.
            for (int life = 0; !_end.IsCancellationRequested; life++)
            {
                using CancellationTokenSource death = new();
                await _job.WorkAsync(
                    async (name, stop) =>
                    {
                        if (name != "7.png") return "fine";
                        deaths.Add(life);
                        await death.CancelAsync();
                        await Task.Delay(Timeout.Infinite, stop);
                        return "";
                    },
                    null, _end.Token, death.Token);
            }
        });
        List<ItemAnswer> answers = await _job.CollectAsync(TestJob.Items(40));
        AssertComplete(40, answers);
        ItemAnswer failed = Assert.Single(answers, answer => answer.Failures.Count > 0);
        Assert.Equal("7", failed.Id);
        Assert.Contains("it was begun 3 times, and each time the worker ended", failed.Failures[0].Error);
        // The first one may have only waited, so it does not count.
        Assert.Equal(4, deaths.Count);
        await _end.CancelAsync();
        await dying;
    }

    [RabbitFact]
    public async Task A_worker_that_is_to_end_finishes_what_is_begun_and_returns_the_rest()
    {
        using CancellationTokenSource drain = new();
        TaskCompletionSource go = new(), begun = new();
        int count = 0;
        Task worker = _job.WorkAsync(
            async (_, stop) =>
            {
                if (Interlocked.Increment(ref count) == 4) begun.SetResult();
                await go.Task.WaitAsync(stop);
                return "late";
            },
            null, drain.Token);
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(TestJob.Items(20));
        await begun.Task.WaitAsync(_end.Token);
        await drain.CancelAsync();
        go.SetResult();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(4, count);
        Task other = _job.WorkAsync(_end.Token);
        List<ItemAnswer> answers = await collecting;
        AssertComplete(20, answers);
        Assert.Equal(4, answers.Count(answer => answer.Answers[0].Answer.GetProperty("text").GetString() == "late"));
        await _end.CancelAsync();
        await other;
    }

    [RabbitFact]
    public async Task A_collector_that_is_interrupted_takes_back_what_nobody_has_and_the_next_goes_on()
    {
        using CancellationTokenSource drain = new();
        Task worker = _job.WorkAsync((name, _) => Task.FromResult(name), null, _end.Token);
        List<ItemAnswer> first = await _job.CollectAsync(TestJob.Items(500), each: answer =>
        {
            if (answer.Id == "100") drain.Cancel();
        }, drain: drain.Token);
        Assert.InRange(first.Count, 90, 300);
        HashSet<string> done = [.. first.Select(answer => answer.Id)];
        List<ItemAnswer> second = await _job.CollectAsync(TestJob.Items(500).Where(item => !done.Contains(item.Id)));
        AssertComplete(500, [.. first, .. second]);
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [RabbitFact]
    public async Task Answers_that_were_given_while_nobody_collected_are_not_asked_for_again()
    {
        ConcurrentBag<string> asked = [];
        // A collector that is killed, as soon as it has sent its window.
        using CancellationTokenSource kill = new();
        Task killed = Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using JobCollector collector = new(_job.Asking(), default);
            await foreach (ItemAnswer _ in collector.AnswerAsync(TestJob.Items(64).ToAsyncEnumerable(), kill.Token))
            {
            }
        });
        await UntilAsync(async () => (await CountsAsync())[0] == 64);
        await kill.CancelAsync();
        await killed;
        Task worker = _job.WorkAsync((name, _) => { asked.Add(name); return Task.FromResult("x"); }, null, _end.Token);
        await UntilAsync(async () => (await CountsAsync())[2] == 64);
        AssertComplete(100, await _job.CollectAsync(TestJob.Items(100)));
        Assert.Equal(100, asked.Count);
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [RabbitFact]
    public async Task Both_sides_wait_for_a_broker_that_is_gone_and_go_on()
    {
        // 30 for the whole.
        TimeSpan gone = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("PALIGGUF_BROKER_GONE") ?? "1"));
        await using Relay relay = new(rabbit.Port);
        using TestJob job = new(relay.Port, rabbit.Port);
        Task worker = job.WorkAsync(async (name, stop) => { await Task.Delay(2, stop); return name; }, null, _end.Token);
        Task<List<ItemAnswer>> collecting = job.CollectAsync(TestJob.Items(400), each: answer =>
        {
            if (answer.Id == "100") relay.Cut();
        });
        await UntilAsync(() => Task.FromResult(job.Told.Count(line => line.Contains("it is tried until it can", StringComparison.Ordinal)) == 2));
        await Task.Delay(gone);
        Assert.False(collecting.IsCompleted || worker.IsCompleted);
        relay.Restore();
        AssertComplete(400, await collecting.WaitAsync(_end.Token));
        Assert.Equal(2, job.Told.Count(line => line.EndsWith("the broker is there.", StringComparison.Ordinal)));
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [RabbitFact]
    public async Task Messages_that_somebody_else_wrote_end_nothing()
    {
        Task worker = _job.WorkAsync(_end.Token);
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(Waiting());
        await UntilAsync(async () => await IsThereAsync());
        foreach (byte[] body in new[] { [], "\n"u8.ToArray(), "{}\n"u8.ToArray(), new byte[1 << 20], "[1,2"u8.ToArray() })
        {
            await _job.PutAsync(_job.Name.Items, body);
            await _job.PutAsync(_job.Name.Again, body);
            await _job.PutAsync(_job.Name.Answers, body);
            await _job.PutAsync(_job.Name.Failed, body);
        }

        await _job.PutAsync(_job.Name.Items, [.. ItemMessage.LineOf(ItemMessage.Write(Sample.Item, [])).Span, (byte)'\n', 1, 2, 3, 4]);
        _go.SetResult();
        AssertComplete(10, await collecting.WaitAsync(_end.Token));
        await UntilAsync(async () => (await CountsAsync()).All(count => count == 0));
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(_job.Told, line => line.Contains("a message that is no answer", StringComparison.Ordinal));
        Assert.Contains(_job.Told, line => line.Contains("something that is not asked", StringComparison.Ordinal));
    }

    private readonly TaskCompletionSource _go = new();

    private IEnumerable<Batch.WorkItem> Waiting()
    {
        _go.Task.Wait(_end.Token);
        foreach (Batch.WorkItem item in TestJob.Items(10)) yield return item;
    }

    private static void AssertComplete(int count, IReadOnlyList<ItemAnswer> answers) =>
        Assert.Equal(Enumerable.Range(0, count), answers.Select(answer => int.Parse(answer.Id)).Order());

    // Of items, those again, answers and failures.
    private Task<uint[]> CountsAsync() => _job.RawAsync(async channel =>
    {
        List<uint> counts = [];
        foreach (string queue in new[] { _job.Name.Items, _job.Name.Again, _job.Name.Answers, _job.Name.Failed })
            counts.Add(await IsThereAsync() ? await channel.MessageCountAsync(queue) : 0);
        return counts.ToArray();
    });

    private async Task<bool> IsThereAsync()
    {
        try
        {
            await _job.RawAsync(channel => channel.QueueDeclarePassiveAsync(_job.Name.Items));
            return true;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(20, _end.Token);
    }
}
