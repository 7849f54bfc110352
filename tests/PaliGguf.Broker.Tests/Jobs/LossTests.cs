using System.Collections.Concurrent;
using PaliGguf.Batch.Results;
using PaliGguf.Broker.Tests.Rabbit;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>Queues that an administrator empties or deletes while the job runs.</summary>
[Collection(RabbitCollection.Name)]
public sealed class LossTests(RabbitServer rabbit) : IDisposable
{
    private const int Pictures = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TestJob _job = new(rabbit.Port);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _job.Dispose();
        _end.Dispose();
    }

    [RabbitFact]
    public async Task What_waited_in_a_queue_that_is_emptied_is_sent_again()
    {
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(TestJob.Items(Pictures), _job.Asking() with { Patience = Patience });
        await UntilWaitingAsync(64);
        await _job.RawAsync(channel => channel.QueuePurgeAsync(_job.Name.Items));
        // As many as its window, without a worker.
        await UntilWaitingAsync(64);
        await EndAsync(collecting, _job.WorkAsync(_end.Token));
    }

    [RabbitFact]
    public async Task What_workers_had_when_the_queue_was_emptied_is_answered_once()
    {
        TaskCompletionSource go = new();
        ConcurrentBag<string> asked = [];
        Task worker = _job.WorkAsync(async (name, stop) => { asked.Add(name); await go.Task.WaitAsync(stop); return "x"; }, null, _end.Token);
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(TestJob.Items(Pictures), _job.Asking() with { Patience = Patience });
        await UntilWaitingAsync(60);
        uint gone = await _job.RawAsync(channel => channel.QueuePurgeAsync(_job.Name.Items));
        go.SetResult();
        await EndAsync(collecting, worker);
        // What its window had room for went on; and nothing was asked twice but what the queue had lost.
        Assert.InRange(asked.Count, Pictures, Pictures + (int)gone);
    }

    [RabbitTheory]
    [InlineData("items")]
    [InlineData("again")]
    [InlineData("answers")]
    [InlineData("failed")]
    public async Task A_queue_that_is_deleted_is_made_again_and_each_picture_answered_once(string queue)
    {
        Task worker = _job.WorkAsync(async (name, stop) => { await Task.Delay(2, stop); return name; }, null, _end.Token);
        TaskCompletionSource some = new();
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(
            TestJob.Items(Pictures), _job.Asking() with { Patience = Patience }, each: answer => { if (answer.Id == "50") some.SetResult(); });
        await some.Task.WaitAsync(_end.Token);
        await _job.RawAsync(channel => channel.QueueDeleteAsync($"paligguf.{_job.Name.Name}.{queue}", false, false));
        await EndAsync(collecting, worker);
        await _job.RawAsync(channel => channel.QueueDeclarePassiveAsync($"paligguf.{_job.Name.Name}.{queue}"));
    }

    [RabbitFact]
    public async Task A_job_that_is_interrupted_does_not_wait_for_what_is_lost()
    {
        using CancellationTokenSource drain = new();
        Task<List<ItemAnswer>> collecting =
            _job.CollectAsync(TestJob.Items(Pictures), _job.Asking() with { Patience = Patience }, drain: drain.Token);
        await UntilWaitingAsync(64);
        await _job.RawAsync(channel => channel.QueuePurgeAsync(_job.Name.Items));
        await drain.CancelAsync();
        Assert.Empty(await collecting.WaitAsync(_end.Token));
    }

    private async Task EndAsync(Task<List<ItemAnswer>> collecting, Task worker)
    {
        List<ItemAnswer> answers = await collecting.WaitAsync(_end.Token);
        Assert.Equal(Enumerable.Range(0, Pictures), answers.Select(answer => int.Parse(answer.Id)).Order());
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private async Task UntilWaitingAsync(uint count)
    {
        while (true)
        {
            try
            {
                if (await _job.RawAsync(channel => channel.MessageCountAsync(_job.Name.Items)) >= count) return;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                // It is not there yet.
            }

            await Task.Delay(20, _end.Token);
        }
    }
}
