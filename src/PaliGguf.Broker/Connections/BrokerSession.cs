using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PaliGguf.Broker.Connections;

/// <summary>
/// One connection to a broker, with a channel for what is sent, which is confirmed, and one for what is received, which is acknowledged. It
/// ends as a whole, whichever of them is closed, and does not come back: <see cref="BrokerLink"/> opens another.
/// </summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    // What a message may have at most by the broker's own limit: whoever puts in too much is answered, not disconnected from.
    private const uint LargestMessage = 128 << 20;

    private const int NotFound = 404;

    // More than any worker returns in an orderly way; only brokers from 4.0 on would give up sooner, after 20.
    private const int MostReturns = 1_000_000;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ended = new();
    private readonly IConnection _connection;
    private readonly JobName _job;
    private int _held;
    private IChannel _sending = null!, _receiving = null!;

    private BrokerSession(IConnection connection, JobName job) => (_connection, _job) = (connection, job);

    /// <summary>Cancelled when it is over.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>A queue that somebody has deleted while it lasted; null where none is known of. The next session makes it again.</summary>
    public string? Deleted { get; private set; }

    /// <summary>How many messages were delivered and are not acknowledged.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Opens a connection, and sees that the job's queues are there.</summary>
    /// <param name="address">The broker.</param>
    /// <param name="job">The job.</param>
    /// <param name="name">What operators see of who is connected.</param>
    /// <param name="prefetch">How many messages of a queue are delivered before one of them is acknowledged.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BrokerSession> OpenAsync(
        BrokerAddress address, JobName job, string name, ushort prefetch, CancellationToken cancellationToken)
    {
        IConnection connection = await ConnectAsync(address, name, cancellationToken).ConfigureAwait(false);
        BrokerSession session = new(connection, job);
        try
        {
            connection.ConnectionShutdownAsync += (_, _) => session.EndAsync();
            session._sending = await session.ChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
                cancellationToken).ConfigureAwait(false);
            session._receiving = await session.ChannelAsync(null, cancellationToken).ConfigureAwait(false);
            await session._receiving.BasicQosAsync(0, prefetch, global: false, cancellationToken).ConfigureAwait(false);
            Dictionary<string, object?> kept = new(StringComparer.Ordinal)
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = MostReturns,
            };
            Dictionary<string, object?> tried = new(kept, StringComparer.Ordinal)
            {
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = job.Failed,
            };
            foreach (string queue in new[] { job.Failed, job.Answers }) await session.DeclareAsync(queue, kept, cancellationToken).ConfigureAwait(false);
            foreach (string queue in new[] { job.Again, job.Items }) await session.DeclareAsync(queue, tried, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sees that nobody else collects this job, as long as the session lasts.</summary>
    public Task LockAsync(CancellationToken cancellationToken) =>
        _receiving.QueueDeclareAsync(_job.Collector, durable: false, exclusive: true, autoDelete: true, cancellationToken: cancellationToken);

    /// <summary>Sends a message, and waits until the broker has it safe.</summary>
    /// <exception cref="BrokerLostException">The session ended before that.</exception>
    public async Task PublishAsync(
        string queue, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        properties.DeliveryMode = DeliveryModes.Persistent;
        try
        {
            await _sending.BasicPublishAsync("", queue, mandatory: true, properties, body, cancellationToken).ConfigureAwait(false);
        }
        catch (PublishReturnException e)
        {
            Deleted = queue;
            await EndAsync().ConfigureAwait(false);
            throw new BrokerLostException(e);
        }
        catch (Exception e) when (IsLoss(e, cancellationToken))
        {
            throw new BrokerLostException(e);
        }
    }

    /// <summary>Has what comes to a queue delivered.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="announcement">What operators see of the consumer.</param>
    /// <param name="deliver">Takes each; quickly.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The consumer's name, to end it.</returns>
    public Task<string> ConsumeAsync(
        string queue, IDictionary<string, object?>? announcement, Action<Delivery> deliver, CancellationToken cancellationToken)
    {
        AsyncEventingBasicConsumer consumer = new(_receiving);
        consumer.ReceivedAsync += (_, message) =>
        {
            Interlocked.Increment(ref _held);
            // The body is the client's own, and lives as long as this call.
            deliver(new Delivery(this, message.DeliveryTag, queue, message.Redelivered, message.BasicProperties, message.Body.ToArray()));
            return Task.CompletedTask;
        };
        // Its queue was deleted.
        consumer.UnregisteredAsync += (_, _) => EndAsync();
        return _receiving.BasicConsumeAsync(queue, autoAck: false, "", noLocal: false, exclusive: false, announcement, consumer, cancellationToken);
    }

    /// <summary>Takes one message of a queue, if there is one.</summary>
    /// <exception cref="BrokerLostException">The session is over.</exception>
    public async Task<Delivery?> GetAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            if (await _receiving.BasicGetAsync(queue, autoAck: false, cancellationToken).ConfigureAwait(false) is not { } message) return null;
            Interlocked.Increment(ref _held);
            return new Delivery(this, message.DeliveryTag, queue, message.Redelivered, message.BasicProperties, message.Body.ToArray());
        }
        catch (Exception e) when (IsLoss(e, cancellationToken))
        {
            throw new BrokerLostException(e);
        }
    }

    /// <summary>How many messages wait in a queue.</summary>
    /// <exception cref="BrokerLostException">The session is over.</exception>
    public async Task<uint> CountAsync(string queue, CancellationToken cancellationToken) =>
        (await LookAsync(queue, cancellationToken).ConfigureAwait(false)).Waiting;

    /// <summary>How many messages wait in a queue, and how many consumers it has. What is with these is not told.</summary>
    /// <exception cref="BrokerLostException">The session is over, also because there is no such queue any more.</exception>
    public async Task<(uint Waiting, uint Consumers)> LookAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            QueueDeclareOk found = await _receiving.QueueDeclarePassiveAsync(queue, cancellationToken).ConfigureAwait(false);
            return (found.MessageCount, found.ConsumerCount);
        }
        catch (Exception e) when (IsLoss(e, cancellationToken))
        {
            if (e is OperationInterruptedException { ShutdownReason.ReplyCode: NotFound }) Deleted = queue;
            throw new BrokerLostException(e);
        }
    }

    /// <summary>Removes what waits in a queue.</summary>
    /// <returns>How many messages that was.</returns>
    /// <exception cref="BrokerLostException">The session is over.</exception>
    public async Task<uint> PurgeAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return await _receiving.QueuePurgeAsync(queue, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, cancellationToken))
        {
            throw new BrokerLostException(e);
        }
    }

    /// <summary>Takes a message out of its queue; nothing where the session is over.</summary>
    public Task AckAsync(ulong tag)
    {
        Interlocked.Decrement(ref _held);
        return QuietlyAsync(() => _receiving.BasicAckAsync(tag, multiple: false));
    }

    /// <summary>Has nothing more delivered to a consumer.</summary>
    public Task CancelAsync(string consumer) => QuietlyAsync(() => new ValueTask(_receiving.BasicCancelAsync(consumer)));

    /// <summary>Ends it; what was delivered and not acknowledged goes back.</summary>
    public Task EndAsync() => _ended.CancelAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await QuietlyAsync(async () => await _connection.CloseAsync(Patience).ConfigureAwait(false)).ConfigureAwait(false);
        await QuietlyAsync(_connection.DisposeAsync).ConfigureAwait(false);
    }

    private static async Task<IConnection> ConnectAsync(BrokerAddress address, string name, CancellationToken cancellationToken)
    {
        BrokerCertificate certificate = new(address);
        try
        {
            return await Factory(address, certificate).CreateConnectionAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (certificate.Problem is { } problem && !cancellationToken.IsCancellationRequested)
        {
            throw new PaliException($"{address}: the broker {problem}", e);
        }
    }

    private static ConnectionFactory Factory(BrokerAddress address, BrokerCertificate certificate) => new()
    {
        HostName = address.Host,
        Port = address.PortNumber,
        VirtualHost = address.VirtualHost,
        UserName = address.User,
        Password = address.Password,
        Ssl = certificate.Option(),
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedHeartbeat = Heartbeat,
        RequestedConnectionTimeout = Patience,
        ContinuationTimeout = Patience,
        MaxInboundMessageBodySize = LargestMessage,
    };

    private static bool IsLoss(Exception failure, CancellationToken cancellationToken) =>
        failure is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException
        || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<IChannel> ChannelAsync(CreateChannelOptions? options, CancellationToken cancellationToken)
    {
        IChannel channel = await _connection.CreateChannelAsync(options, cancellationToken).ConfigureAwait(false);
        channel.ChannelShutdownAsync += (_, _) => EndAsync();
        return channel;
    }

    private Task<QueueDeclareOk> DeclareAsync(string queue, IDictionary<string, object?> arguments, CancellationToken cancellationToken) =>
        _receiving.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);


    private static async Task QuietlyAsync(Func<ValueTask> action)
    {
        try
        {
            await action().ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e, CancellationToken.None))
        {
        }
    }
}
