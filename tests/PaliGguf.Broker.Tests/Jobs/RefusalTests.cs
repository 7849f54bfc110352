using PaliGguf.Batch.Results;
using PaliGguf.Broker.Collecting;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;
using PaliGguf.Broker.Tests.Messages;
using PaliGguf.Broker.Tests.Rabbit;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>What somebody has to mend is one line at once, and nothing is lost by it.</summary>
[Collection(RabbitCollection.Name)]
public sealed class RefusalTests(RabbitServer rabbit) : IDisposable
{
    private readonly TestJob _job = new(rabbit.Port);
    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(1));

    public void Dispose()
    {
        _job.Dispose();
        _end.Dispose();
    }

    [RabbitFact]
    public async Task Wrong_credentials()
    {
        string message = await RefusedAsync(_job.Asking() with { Broker = BrokerAddress.Parse($"amqp://guest:secret@127.0.0.1:{rabbit.Port}") });
        Assert.Contains("does not let in the user 'guest'", message);
        Assert.Contains("PALIGGUF_BROKER_PASSWORD", message);
        Assert.DoesNotContain("secret", message);
    }

    [RabbitFact]
    public async Task A_virtual_host_that_is_not_there() => Assert.Contains(
        "no virtual host 'nowhere'",
        await RefusedAsync(_job.Asking() with { Broker = BrokerAddress.Parse($"amqp://127.0.0.1:{rabbit.Port}/nowhere") }));

    [RabbitFact]
    public async Task A_broker_that_speaks_no_TLS() => Assert.Contains(
        "speaks no TLS",
        await RefusedAsync(_job.Asking() with { Broker = BrokerAddress.Parse($"amqps://127.0.0.1:{rabbit.Port}") }));

    [RabbitFact]
    public async Task A_queue_that_somebody_else_declared_otherwise()
    {
        await _job.RawAsync(channel => channel.QueueDeclareAsync(_job.Name.Items, durable: true, exclusive: false, autoDelete: false));
        foreach (string message in new[] { await RefusedAsync(_job.Asking()), await WorkerRefusedAsync(_job.WorkAsync(_end.Token)) })
        {
            Assert.Contains("was declared otherwise by somebody else", message);
            Assert.Contains($"queue '{_job.Name.Items}'", message);
            Assert.Contains("--job", message);
        }
    }

    [RabbitFact]
    public async Task A_second_collector_of_a_job()
    {
        using CancellationTokenSource drain = new();
        Task<List<ItemAnswer>> first = _job.CollectAsync(TestJob.Items(5), drain: drain.Token);
        while (!await IsCollectedAsync()) await Task.Delay(20, _end.Token);
        Assert.Contains("somebody else collects the job", await RefusedAsync(_job.Asking()));
        await drain.CancelAsync();
        Assert.Empty(await first.WaitAsync(_end.Token));
    }

    [RabbitFact]
    public async Task A_message_of_a_newer_version_which_stays_in_its_queue()
    {
        await _job.RawAsync(async channel => await DeclareAsync(channel, _job.Name.Items));
        await _job.PutAsync(_job.Name.Items, "{\"version\":2,\"what\":\"nobody knows\"}\n"u8.ToArray());
        string message = await WorkerRefusedAsync(_job.WorkAsync(_end.Token));
        Assert.Contains("version 2, and this program knows 1", message);
        Assert.Equal("{\"version\":2,\"what\":\"nobody knows\"}\n"u8.ToArray(),
            (await _job.RawAsync(channel => channel.BasicGetAsync(_job.Name.Items, autoAck: true)))!.Body.ToArray());
        await _job.PutAsync(_job.Name.Answers, "{\"version\":2}"u8.ToArray());
        Assert.Contains("version 2", await RefusedAsync(_job.Asking()));
        Assert.Equal(1U, await _job.RawAsync(channel => channel.MessageCountAsync(_job.Name.Answers)));
    }

    [RabbitFact]
    public async Task A_worker_with_another_model_and_what_differs()
    {
        Task<List<ItemAnswer>> collecting = _job.CollectAsync(TestJob.Items(5));
        string message = await WorkerRefusedAsync(_job.WorkAsync((_, _) => Task.FromResult(""), Sample.OtherModel, _end.Token));
        Assert.Contains("asks another model than this worker has (model: nano (0123456789abcdef) there, nano (ffffffffffffffff) now)", message);
        Task worker = _job.WorkAsync(_end.Token);
        Assert.Equal(5, (await collecting.WaitAsync(_end.Token)).Count);
        await _end.CancelAsync();
        await worker.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [RabbitFact]
    public async Task An_answer_with_another_model()
    {
        Task<string> refused = RefusedAsync(_job.Asking() with { Answers = Sample.Options with { Questions = Sample.Questions } });
        while (!await IsCollectedAsync()) await Task.Delay(20, _end.Token);
        await _job.PutAsync(_job.Name.Answers, new AnswerMessage(
            MessageJson.Version, new ItemKeys(Sample.Model, AnswerTerms.Of(Sample.Options), "").Of("0", Sample.Questions), "stranger",
            Sample.OtherModel, [], [new QuestionFailure("x")]).Write());
        Assert.Contains("the worker stranger answers with another model", await refused);
    }

    private async Task<string> RefusedAsync(CollectorOptions options) =>
        (await Assert.ThrowsAnyAsync<PaliException>(() => _job.CollectAsync(TestJob.Items(3), options).WaitAsync(_end.Token))).Message;

    private async Task<string> WorkerRefusedAsync(Task worker) =>
        (await Assert.ThrowsAnyAsync<PaliException>(() => worker.WaitAsync(_end.Token))).Message;

    private static async Task<RabbitMQ.Client.QueueDeclareOk> DeclareAsync(RabbitMQ.Client.IChannel channel, string queue) =>
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
            ["x-delivery-limit"] = 1_000_000,
            ["x-dead-letter-exchange"] = "",
            ["x-dead-letter-routing-key"] = queue.Replace(".items", ".failed", StringComparison.Ordinal),
        });

    // Sent, so that it is known what was asked.
    private async Task<bool> IsCollectedAsync()
    {
        try
        {
            return await _job.RawAsync(channel => channel.MessageCountAsync(_job.Name.Items)) > 0;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return false;
        }
    }
}
