using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Collecting;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;
using PaliGguf.Broker.Metrics;
using PaliGguf.Broker.Tests.Messages;
using PaliGguf.Broker.Working;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Hosting.Pictures;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Tests.Jobs;

/// <summary>A job of a test: who asks and who answers are of this process, the broker between them is a real one.</summary>
internal sealed class TestJob(int port, int realPort) : IDisposable
{
    private readonly RemotePictures _remote = new([], 1 << 20);
    private readonly BrokerMetrics _metrics = new(new Meters());

    public JobName Name { get; } = new($"test-{Guid.NewGuid():N}"[..20]);

    /// <summary>What both sides told their users.</summary>
    public ConcurrentQueue<string> Told { get; } = [];

    public BrokerAddress Address { get; init; } = BrokerAddress.Parse($"amqp://127.0.0.1:{port}");

    public TestJob(int port)
        : this(port, port)
    {
    }

    public void Dispose()
    {
        _remote.Dispose();
        _metrics.Dispose();
    }

    /// <summary>Pictures that are called by their numbers; nobody reads them.</summary>
    public static IEnumerable<WorkItem> Items(int count) => Enumerable.Range(0, count).Select(number => new WorkItem($"{number}", new Unread($"{number}.png")));

    public CollectorOptions Asking(ModelFacts? model = null) => new(Address, Name, model ?? Sample.Model, Sample.Options) { Window = 64, Tell = Told.Enqueue };

    /// <summary>Collects all answers.</summary>
    public async Task<List<ItemAnswer>> CollectAsync(
        IEnumerable<WorkItem> items, CollectorOptions? options = null, Action<ItemAnswer>? each = null, CancellationToken drain = default)
    {
        using JobCollector collector = new(options ?? Asking(), drain);
        List<ItemAnswer> answers = [];
        await foreach (ItemAnswer answer in collector.AnswerAsync(Slowly(items), CancellationToken.None))
        {
            answers.Add(answer);
            each?.Invoke(answer);
        }

        return answers;
    }

    /// <summary>Works until it is told to end, or dies.</summary>
    /// <param name="answer">Answers about a picture, whose name it is given.</param>
    /// <param name="model">The model that it has.</param>
    /// <param name="drain">Ends it in an orderly way.</param>
    /// <param name="die">Ends it as a kill does.</param>
    public async Task WorkAsync(
        Func<string, CancellationToken, Task<string>> answer, ModelFacts? model = null, CancellationToken drain = default,
        CancellationToken die = default)
    {
        WorkerOptions options = new(Address, Name, model ?? Sample.Model)
        {
            Sequences = 2,
            Name = "test",
            LookPeriod = TimeSpan.FromMilliseconds(300),
            Tell = Told.Enqueue,
        };
        await using JobWorker worker = new(options, new WorkerPictures(null, _remote), _metrics);
        AnswerEach each = (items, cancellationToken) => EachPipeline.RunAsync(
            items, PictureAnswerer.AtOnce(2), (item, _) => ValueTask.FromResult(item), async (item, stop) =>
            {
                string text = await answer(item.Picture.Name, stop);
                JsonElement json = JsonDocument.Parse($$"""{"text":"{{text}}"}""").RootElement;
                return new ItemAnswer(
                    item.Id, [.. item.Questions.Select(question => new AnswerLine(item.Id, "", question.Prompt, json) { Task = question.Task })], []);
            },
            cancellationToken).Select(outcome => outcome.Result ?? throw outcome.Failure!);
        try
        {
            await worker.RunAsync((_, _) => Task.FromResult(each), null, drain, die);
        }
        catch (OperationCanceledException) when (die.IsCancellationRequested)
        {
        }
    }

    /// <summary>Works in the background with answers of a word.</summary>
    public Task WorkAsync(CancellationToken drain) => WorkAsync((name, _) => Task.FromResult($"of {name}"), null, drain);

    /// <summary>Does something with the broker that is none of ours.</summary>
    public async Task<T> RawAsync<T>(Func<IChannel, Task<T>> action)
    {
        await using IConnection connection = await new ConnectionFactory { HostName = "127.0.0.1", Port = realPort }.CreateConnectionAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        return await action(channel);
    }

    /// <summary>Puts a message into a queue.</summary>
    public Task PutAsync(string queue, byte[] body) => RawAsync(async channel =>
    {
        await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(), body);
        return true;
    });

    private static async IAsyncEnumerable<WorkItem> Slowly(IEnumerable<WorkItem> items)
    {
        foreach (WorkItem item in items)
        {
            await Task.Yield();
            yield return item;
        }
    }

    private sealed class Unread(string name) : PictureSource
    {
        public override string Name => name;

        public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => Task.FromResult("no picture"u8.ToArray());
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose()
        {
        }
    }
}
