using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Broker.Connections;
using PaliGguf.Broker.Messages;
using RabbitMQ.Client;

namespace PaliGguf.Broker.Collecting;

/// <summary>Makes items into messages, and sends these.</summary>
/// <param name="options">How.</param>
internal sealed class ItemSending(CollectorOptions options)
{
    private readonly PictureSending _pictures = new(options.Inline);
    private readonly AnswerTerms _terms = AnswerTerms.Of(options.Answers);
    private readonly ItemKeys _keys = new(options.Model, AnswerTerms.Of(options.Answers), options.Round);

    /// <summary>Answers to what was not asked yet.</summary>
    public EarlyAnswers Early { get; } = new(options.Window);

    /// <summary>What is asked about an item, and the key by which its answer is known.</summary>
    public (string Key, OpenItem Open) Of(WorkItem item)
    {
        IReadOnlyList<Question> questions = item.Questions.Count > 0 ? item.Questions : options.Answers.Questions;
        return (_keys.Of(item.Id, questions), new OpenItem(item, questions, Room: 1));
    }

    /// <summary>What is known of an item without asking, or else the message that asks.</summary>
    public async Task<(ItemAnswer? Known, byte[] Body)> PrepareAsync(OpenItem open, string key, CancellationToken stop)
    {
        (WorkItem item, IReadOnlyList<Question> questions) = (open.Item, open.Questions);
        if (item.Problem is { } problem) return (open.Failed(problem), []);
        if (questions.Count == 0)
            return (open.Failed($"{item.Picture.Name}: nothing is asked about it, neither by itself nor of all."), []);
        try
        {
            if (Early.Take(key) is { } early) return (early.ToAnswer(item.Id, item.Picture.Name, questions), []);
            (PictureReference picture, byte[] inline) = await _pictures.PrepareAsync(item.Picture, stop).ConfigureAwait(false);
            ItemMessage message =
                new(MessageJson.Version, key, options.Model, _terms, picture, [.. questions.Select(QuestionMessage.Of)]);
            return (null, ItemMessage.Write(message, inline));
        }
        catch (Exception e) when (e is PaliException or MessageException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (open.Failed(e.Message.ReplaceLineEndings(" ")), []);
        }
    }

    /// <summary>Sends a message, in as many sessions as it takes.</summary>
    public Task PublishAsync(BrokerLink link, string key, byte[] body, CancellationToken stop)
    {
        BasicProperties properties = new()
        {
            Type = ItemMessage.Type,
            CorrelationId = key,
            Timestamp = new AmqpTimestamp(DateTimeOffset.UtcNow.ToUnixTimeSeconds()),
        };
        return link.PublishAsync(options.Job.Items, properties, body, stop);
    }
}
