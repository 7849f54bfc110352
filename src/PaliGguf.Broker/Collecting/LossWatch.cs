namespace PaliGguf.Broker.Collecting;

/// <summary>
/// Decides whether what is out is lost: somebody has emptied or deleted a queue. The broker does not tell what workers have, so it is judged
/// by the queues, and by how long workers had pictures so far. A wrong judgement costs work, never an answer. Safe for use by several threads.
/// </summary>
/// <param name="patience">How long nothing comes at least.</param>
/// <param name="time">The clock.</param>
internal sealed class LossWatch(TimeSpan patience, TimeProvider time)
{
    // A worker that has not answered yet may have its model to load, and a slow machine.
    private const int WhileUnknown = 10;
    private const int OfLongest = 4;
    private const int MostDoublings = 10;

    private readonly Lock _gate = new();
    private TimeSpan? _longest;
    private long _quietSince = time.GetTimestamp();
    private int _vain, _alone;

    /// <summary>Something was sent, or came.</summary>
    public void Stirs()
    {
        lock (_gate) _quietSince = time.GetTimestamp();
    }

    /// <summary>An answer came.</summary>
    /// <param name="held">For how long its worker had the picture; null where that is not known.</param>
    public void Answered(TimeSpan? held)
    {
        lock (_gate)
        {
            (_quietSince, _vain) = (time.GetTimestamp(), 0);
            if (held is { } known && !(known < _longest)) _longest = known;
        }
    }

    /// <summary>Whether what is out is lost, as far as can be told by now.</summary>
    /// <param name="waiting">How many messages wait in the job's queues.</param>
    /// <param name="workers">How many workers there are; what those had that are gone waits again.</param>
    public bool IsLost(long waiting, long workers)
    {
        lock (_gate)
        {
            if (waiting > 0)
            {
                (_quietSince, _alone) = (time.GetTimestamp(), 0);
                return false;
            }

            // Between two looks something may have been on its way.
            _alone = workers == 0 ? _alone + 1 : 0;
            if (_alone < 2 && time.GetElapsedTime(_quietSince) < Patience()) return false;
            (_quietSince, _alone) = (time.GetTimestamp(), 0);
            _vain = Math.Min(_vain + 1, MostDoublings);
            return true;
        }
    }

    private TimeSpan Patience()
    {
        TimeSpan known = _longest is { } longest ? longest * OfLongest : patience * WhileUnknown;
        return (known > patience ? known : patience) * (1 << _vain);
    }
}
