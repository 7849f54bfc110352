using PaliGguf.Broker.Messages;

namespace PaliGguf.Broker.Collecting;

/// <summary>
/// Answers to what is not asked yet: an earlier run of the same batch was killed while they were made. The last of them are kept until the
/// source comes to their pictures; the others are asked again.
/// </summary>
/// <param name="most">How many are kept.</param>
internal sealed class EarlyAnswers(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AnswerMessage> _answers = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public void Add(AnswerMessage answer)
    {
        lock (_gate)
        {
            if (!_answers.TryAdd(answer.Key, answer)) return;
            _order.Enqueue(answer.Key);
            // Some of these are taken already, which only makes others go sooner.
            while (_order.Count > most) _answers.Remove(_order.Dequeue());
        }
    }

    /// <summary>Takes an answer out; null where there is none.</summary>
    public AnswerMessage? Take(string key)
    {
        lock (_gate) return _answers.Remove(key, out AnswerMessage? answer) ? answer : null;
    }
}
