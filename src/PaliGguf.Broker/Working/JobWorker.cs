using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;
using PaliGguf.Broker.Metrics;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Working;

/// <summary>
/// Answers about the pictures of a job, as many at once as its model works on. A picture leaves the queue when its answer is safe with the
/// broker. It waits for a broker that is gone.
/// </summary>
internal sealed class JobWorker : IAsyncDisposable
{
    // How long a worker that is to end waits for a broker that is gone, to tell it what it has answered.
    private static readonly TimeSpan LastPatience = TimeSpan.FromSeconds(10);

    private readonly WorkerOptions _options;
    private readonly WorkerPictures _pictures;
    private readonly BrokerMetrics _metrics;
    private readonly ItemInbox _inbox;
    private readonly BrokerLink _link;
    private volatile string? _consumer;
    private volatile bool _tries;

    /// <summary>Begins to connect.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="pictures">Where pictures come from.</param>
    /// <param name="metrics">What is measured.</param>
    public JobWorker(WorkerOptions options, WorkerPictures pictures, BrokerMetrics metrics)
    {
        (_options, _pictures, _metrics) = (options, pictures, metrics);
        _inbox = new ItemInbox(options.Job);
        _link = new BrokerLink(options.Broker, options.Job, OpenAsync, options.Tell);
        _ = BrokerLink.TellFailureAsync(_link.Completion, _inbox.Fail);
    }

    /// <summary>Whether it is connected.</summary>
    public bool IsConnected => _link.IsOpen;

    /// <summary>What became of pictures so far.</summary>
    public (long Answered, long Failed) Tally { get; private set; }

    /// <summary>Works until it is to end.</summary>
    /// <param name="answerer">Makes what answers in a given way; the messages of a job mostly want one.</param>
    /// <param name="progress">Told after each picture.</param>
    /// <param name="drain">Takes no more pictures; what is begun is finished.</param>
    /// <param name="cancellationToken">Ends it at once; what is begun goes back.</param>
    /// <exception cref="PaliException">The model fails, or is another than is asked; or somebody has to mend something.</exception>
    public async Task RunAsync(
        Func<AnswerOptions, CancellationToken, Task<AnswerEach>> answerer, Action? progress, CancellationToken drain,
        CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenRegistration giveUp = drain.Register(() => _ = StopTakingAsync());
        Task watching = Task.Run(() => WatchAsync(stop.Token), CancellationToken.None);
        try
        {
            Assignment? next = await NextAsync(drain).ConfigureAwait(false);
            while (next is not null)
            {
                AnswerOptions wanted = next.Message.Terms.ToOptions(_options.Sequences) with { Questions = next.Item.Questions };
                AnswerEach answer = await answerer(wanted, cancellationToken).ConfigureAwait(false);
                next = await AnswerAsync(answer, next, progress, drain, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private async Task<BrokerSession> OpenAsync(CancellationToken cancellationToken)
    {
        // As many as are worked on: what waited here would come back when this worker ends, and nobody else had it meanwhile.
        ushort atOnce = (ushort)PictureAnswerer.AtOnce(_options.Sequences);
        BrokerSession session = await BrokerSession.OpenAsync(
            _options.Broker, _options.Job, $"paligguf worker {_options.Name}, job {_options.Job.Name}", atOnce, cancellationToken)
            .ConfigureAwait(false);
        Dictionary<string, object?> announcement = new(StringComparer.Ordinal)
        {
            ["paligguf-model"] = $"{_options.Model.Model.Name} ({_options.Model.Model.Text}, {_options.Model.Model.Vision})",
            ["paligguf-version"] = MessageJson.Version,
        };
        try
        {
            _consumer = await session.ConsumeAsync(_options.Job.Items, announcement, _inbox.Add, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Answers in one way, as long as messages want it.</summary>
    /// <returns>The first that wants another; null when the worker is to end.</returns>
    private async Task<Assignment?> AnswerAsync(
        AnswerEach answer, Assignment first, Action? progress, CancellationToken drain, CancellationToken cancellationToken)
    {
        Assignment? other = null;
        (string terms, int longest) = (TermsOf(first), Longest(first));
        Queue<Assignment> begun = new();
        Channel<(Assignment Assignment, ItemAnswer Answer)> done = Channel.CreateBounded<(Assignment, ItemAnswer)>(_options.Sequences);
        Task settling = Task.Run(() => SettleAllAsync(done, progress, drain, cancellationToken), CancellationToken.None);
        try
        {
            await foreach (ItemAnswer one in answer(ItemsAsync(CancellationToken.None), cancellationToken).ConfigureAwait(false))
            {
                await done.Writer.WriteAsync((begun.Dequeue(), one), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            done.Writer.TryComplete();
            await settling.ConfigureAwait(false);
        }

        return other;

        async IAsyncEnumerable<WorkItem> ItemsAsync([EnumeratorCancellation] CancellationToken stop = default)
        {
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(drain, stop);
            for (Assignment? next = first; next is not null; next = await NextAsync(either.Token).ConfigureAwait(false))
            {
                if (TermsOf(next) != terms || Longest(next) > longest)
                {
                    other = next;
                    yield break;
                }

                begun.Enqueue(next);
                _metrics.Begun(Waited(next));
                yield return next.Item;
            }
        }
    }

    private static string TermsOf(Assignment assignment) =>
        JsonSerializer.Serialize(assignment.Message.Terms, MessageJson.Default.AnswerTerms);

    // A model has room for prompts of the length that it was loaded for.
    private static int Longest(Assignment assignment) => assignment.Message.Questions.Max(question => question.Prompt.Length);

    private static TimeSpan? Waited(Assignment assignment) => assignment.Delivery.Properties.Timestamp.UnixTime is > 0 and < 1L << 36 and var sent
        ? DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(sent) : null;

    private async Task<Assignment?> NextAsync(CancellationToken drain)
    {
        while (await _inbox.NextAsync(_link, () => !_tries, drain).ConfigureAwait(false) is { } delivery)
        {
            try
            {
                if (await AdmitAsync(delivery, drain).ConfigureAwait(false) is { } assignment) return assignment;
            }
            catch (OperationCanceledException) when (drain.IsCancellationRequested)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>Sees what is to be done about a message: begin it, or put it where it belongs.</summary>
    private async Task<Assignment?> AdmitAsync(Delivery delivery, CancellationToken drain)
    {
        try
        {
            (ItemMessage message, ReadOnlyMemory<byte> inline) = ItemMessage.Read(delivery.Body);
            string[] differences = [.. message.Model.Differences(_options.Model)];
            if (differences.Length > 0)
            {
                throw new PaliException($"the job '{_options.Job.Name}' asks another model than this worker has "
                    + $"({string.Join("; ", differences)}): start it with that model, or for another job (--job).");
            }

            _ = message.Terms.ToOptions(_options.Sequences);
            if (await MayBeginAsync(delivery, drain).ConfigureAwait(false) is false) return null;
            WorkItem item = new(message.Key, _pictures.Of(message.Picture, inline))
            {
                Questions = [.. message.Questions.Select(question => question.ToQuestion())],
            };
            _tries |= delivery.Queue == _options.Job.Again;
            return new Assignment(delivery, message, item);
        }
        catch (Exception e) when (e is MessageException or ArgumentException)
        {
            await GiveUpAsync(delivery, $"the message is none that a worker reads: {e.Message}.", drain).ConfigureAwait(false);
            return null;
        }
    }

    // What came back was perhaps begun, and perhaps only waited. From then on it is counted: it moves to a queue where to be delivered is to
    // be begun, and how often that was is written on it before.
    private async Task<bool> MayBeginAsync(Delivery delivery, CancellationToken drain)
    {
        if (!delivery.IsRedelivered) return true;
        long begun = delivery.Queue == _options.Job.Again ? delivery.Number(MessageHeaders.Begun) : 0;
        if (begun >= _options.Tries)
        {
            await GiveUpAsync(
                delivery, $"it was begun {begun} times, and each time the worker ended before there was an answer: it ends the program, or "
                    + "takes more memory than there is.", drain).ConfigureAwait(false);
            return false;
        }

        BasicProperties properties = new(delivery.Properties)
        {
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [MessageHeaders.Begun] = begun + 1 },
        };
        await _link.PublishAsync(_options.Job.Again, properties, delivery.Body, drain).ConfigureAwait(false);
        await delivery.AckAsync().ConfigureAwait(false);
        _metrics.Returned("again");
        _inbox.LookAgain();
        return false;
    }

    private async Task GiveUpAsync(Delivery delivery, string reason, CancellationToken drain)
    {
        BasicProperties properties = new(delivery.Properties)
        {
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { [MessageHeaders.Reason] = reason },
        };
        // The picture itself helps nobody there.
        await _link.PublishAsync(_options.Job.Failed, properties, ItemMessage.LineOf(delivery.Body), drain).ConfigureAwait(false);
        await delivery.AckAsync().ConfigureAwait(false);
        _metrics.Returned("failed");
        _inbox.LookAgain();
    }

    private async Task SettleAllAsync(
        Channel<(Assignment Assignment, ItemAnswer Answer)> done, Action? progress, CancellationToken drain,
        CancellationToken cancellationToken)
    {
        try
        {
            await foreach ((Assignment assignment, ItemAnswer answer) in done.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                await SettleAsync(assignment, answer, drain, cancellationToken).ConfigureAwait(false);
                progress?.Invoke();
            }
        }
        catch (Exception e)
        {
            // Nobody takes what is written here any more.
            done.Writer.TryComplete(e);
            throw;
        }
    }

    // The answer is safe with the broker before its picture leaves the queue.
    private async Task SettleAsync(
        Assignment assignment, ItemAnswer answer, CancellationToken drain, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenRegistration last = drain.Register(() => patience.CancelAfter(LastPatience));
        byte[] body = AnswerMessage.Of(assignment.Message, _options.Name, answer).Write();
        BasicProperties properties = new()
        {
            Type = AnswerMessage.Type,
            CorrelationId = assignment.Message.Key,
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [MessageHeaders.Held] = (long)Stopwatch.GetElapsedTime(assignment.Delivery.Since).TotalMilliseconds,
            },
        };
        await _link.PublishAsync(_options.Job.Answers, properties, body, patience.Token).ConfigureAwait(false);
        await assignment.Delivery.AckAsync().ConfigureAwait(false);
        bool failed = answer.Failures.Count > 0;
        Tally = failed ? Tally with { Failed = Tally.Failed + 1 } : Tally with { Answered = Tally.Answered + 1 };
        _metrics.Answered(Stopwatch.GetElapsedTime(assignment.Since), failed);
        if (assignment.Delivery.Queue != _options.Job.Again) return;
        _tries = false;
        _inbox.LookAgain();
    }

    // What is delivered from now on would only come back.
    private async Task StopTakingAsync()
    {
        if (!_link.IsOpen || _consumer is not { } consumer) return;
        BrokerSession session = await _link.SessionAsync(CancellationToken.None).ConfigureAwait(false);
        await session.CancelAsync(consumer).ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        BrokerSession? idle = null;
        while (true)
        {
            (uint waiting, BrokerSession session) = await _link.RunAsync(
                async session => (await session.CountAsync(_options.Job.Items, stop).ConfigureAwait(false), session), stop)
                .ConfigureAwait(false);
            _metrics.Waiting(waiting);
            bool gets = waiting == 0 || session.Held > 0;
            // Twice: its consumer hangs on a queue that was deleted and made again.
            if (!gets && idle == session) await session.EndAsync().ConfigureAwait(false);
            idle = gets ? null : session;
            await Task.Delay(_options.LookPeriod, stop).ConfigureAwait(false);
        }
    }
}
