using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Work;

/// <summary>
/// The numbers by which callers know what they have. Each is a place and how often the place was given out, so that a number that was given
/// back fits nothing any more. It has at most
/// 52 bits, which the numbers of scripting languages hold, and is never 0.
/// </summary>
internal sealed class HandleTable
{
    /// <summary>The most that there may be at a time.</summary>
    public const int Most = 1 << PlaceBits;

    private const int PlaceBits = 16;
    private const int TurnBits = 36;
    private const ulong Turns = (1UL << TurnBits) - 1;

    private readonly Lock _gate = new();
    private readonly List<(ulong Turn, IHandled? Item)> _places = [];
    private readonly Queue<int> _free = new();

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _places.Count - _free.Count;
        }
    }

    /// <summary>Begins something, and gives it a number.</summary>
    /// <param name="begin">Is not called where there is no number left.</param>
    /// <exception cref="CallException">There are too many already.</exception>
    public ulong Add(Func<IHandled> begin)
    {
        int place = Reserve();
        try
        {
            IHandled item = begin();
            lock (_gate)
            {
                ulong turn = (_places[place].Turn + 1) & Turns;
                if (turn == 0) turn = 1;
                _places[place] = (turn, item);
                return (turn << PlaceBits) | (uint)place;
            }
        }
        catch
        {
            lock (_gate) _free.Enqueue(place);
            throw;
        }
    }

    /// <summary>What has a number.</summary>
    /// <exception cref="CallException">Nothing has it, or something of another kind.</exception>
    public T Get<T>(ulong handle)
        where T : class, IHandled
    {
        lock (_gate) return Find(handle) as T ?? throw Unknown(handle);
    }

    /// <summary>Takes a number back.</summary>
    /// <exception cref="CallException">Nothing has it.</exception>
    public IHandled Remove(ulong handle)
    {
        lock (_gate)
        {
            IHandled item = Find(handle) ?? throw Unknown(handle);
            int place = PlaceOf(handle);
            _places[place] = (_places[place].Turn, null);
            _free.Enqueue(place);
            return item;
        }
    }

    /// <summary>All that there is.</summary>
    public IHandled[] All()
    {
        lock (_gate) return [.. _places.Select(place => place.Item).OfType<IHandled>()];
    }

    private int Reserve()
    {
        lock (_gate)
        {
            if (_free.TryDequeue(out int place)) return place;
            if (_places.Count == Most)
            {
                throw new CallException(Status.ErrorLimit, $"There are {Most} models and tickets: release those that are done.");
            }
            _places.Add(default);
            return _places.Count - 1;
        }
    }

    private IHandled? Find(ulong handle)
    {
        int place = PlaceOf(handle);
        return place < _places.Count && _places[place].Turn == handle >> PlaceBits ? _places[place].Item : null;
    }

    private static int PlaceOf(ulong handle) => (int)(handle & (Most - 1));

    private static CallException Unknown(ulong handle) =>
        new(Status.ErrorHandle, $"The handle {handle} was released, is of another kind, or was never given out.");
}
