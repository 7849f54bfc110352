using System.Collections.Concurrent;
using PaliGguf.Batch;
using PaliGguf.Batch.Results;

namespace PaliGguf.Broker.Collecting;

/// <summary>A picture that is out: it was sent, and is not answered yet.</summary>
/// <param name="Item">The picture.</param>
/// <param name="Questions">What was asked.</param>
/// <param name="Room">How much of the window it takes.</param>
internal sealed record OpenItem(WorkItem Item, IReadOnlyList<Question> Questions, int Room)
{
    public ItemAnswer Failed(string error) => new(Item.Id, [], [new FailureLine(Item.Id, Item.Picture.Name, error)]);
}

/// <summary>
/// What is out, by its keys, never more than there is room for. Each key leaves once: what comes again for it is one answer too many. Safe
/// for use by several threads.
/// </summary>
/// <param name="room">The room.</param>
internal sealed class OpenWork(int room) : IDisposable
{
    private readonly ConcurrentDictionary<string, OpenItem> _items = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _room = new(room), _taking = new(1);

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>Waits until there is room, and takes it.</summary>
    public async Task TakeRoomAsync(int amount, CancellationToken cancellationToken)
    {
        // One at a time: two that have half of what they need each would wait for ever.
        await _taking.WaitAsync(cancellationToken).ConfigureAwait(false);
        int taken = 0;
        try
        {
            for (; taken < amount; taken++) await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveRoom(taken);
            throw;
        }
        finally
        {
            _taking.Release();
        }
    }

    /// <summary>Adds one, in room that was taken.</summary>
    public void Add(string key, OpenItem item) => _items[key] = item;

    /// <summary>One that is out; null where none is.</summary>
    public OpenItem? Find(string key) => _items.GetValueOrDefault(key);

    /// <summary>All that are out now.</summary>
    public IReadOnlyList<KeyValuePair<string, OpenItem>> All() => [.. _items];

    /// <summary>Takes one out, and gives its room back.</summary>
    public void Close(string key)
    {
        if (_items.TryRemove(key, out OpenItem? item)) GiveRoom(item.Room);
    }

    /// <summary>Gives room back.</summary>
    public void GiveRoom(int amount)
    {
        if (amount > 0) _room.Release(amount);
    }

    public void Dispose()
    {
        _room.Dispose();
        _taking.Dispose();
    }
}
