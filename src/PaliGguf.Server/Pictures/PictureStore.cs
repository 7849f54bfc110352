using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using PaliGguf.Server.Http;

namespace PaliGguf.Server.Pictures;

/// <summary>Uploaded pictures, by what they contain: those that were used last, as many as there is room for. Safe for use by several threads.</summary>
/// <param name="capacity">How many bytes may be kept.</param>
/// <param name="expiry">How long a picture is kept after its last use; null for as long as there is room.</param>
/// <param name="time">The clock.</param>
internal sealed class PictureStore(long capacity, TimeSpan? expiry, TimeProvider time)
{
    // A digest and what a list and a table need for it: a few hundred kilobytes.
    private const int MostForgotten = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _recent = new();
    private readonly HashSet<string> _forgotten = new(StringComparer.Ordinal);
    private readonly Queue<string> _forgottenOrder = new();
    private long _bytes;

    /// <summary>The bytes of all that is kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>How many pictures are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _recent.Count;
        }
    }

    /// <summary>What identifies a picture: the SHA-256 of its file.</summary>
    public static string IdOf(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));

    /// <summary>Keeps a picture; others may have to go.</summary>
    /// <returns>Its id, and whether it was there already.</returns>
    /// <exception cref="RejectionException">There is no room for a picture of this size.</exception>
    public (string Id, bool Known) Add(ReadOnlyMemory<byte> file)
    {
        if (file.Length > capacity)
        {
            throw Rejection.Unprocessable("no_room", capacity == 0 ? "This server keeps no pictures (--picture-store)." : $"The picture has more than the {capacity} bytes that this server keeps (--picture-store).");
        }

        string id = IdOf(file.Span);
        lock (_gate)
        {
            DropExpired();
            if (TryTouch(id, out _)) return (id, true);
            _entries.Add(id, _recent.AddFirst(new Entry(id, file.ToArray(), time.GetTimestamp())));
            _forgotten.Remove(id);
            _bytes += file.Length;
            while (_bytes > capacity) Forget(_recent.Last!);
            return (id, false);
        }
    }

    /// <summary>A picture that was uploaded.</summary>
    /// <exception cref="RejectionException">It is not there, or no more.</exception>
    public ReadOnlyMemory<byte> Get(string id)
    {
        lock (_gate)
        {
            DropExpired();
            if (TryTouch(id, out Entry? entry)) return entry.File;
            if (!_forgotten.Contains(id)) throw Rejection.NotFound("unknown_picture", "No picture of this id was uploaded: POST it to /api/pictures first.");
            throw new RejectionException(410, "picture_gone", "The picture of this id was kept for a while and is gone: POST it to /api/pictures again.");
        }
    }

    private bool TryTouch(string id, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        if (!_entries.TryGetValue(id, out LinkedListNode<Entry>? node)) return false;
        _recent.Remove(node);
        node.Value = entry = node.Value with { Used = time.GetTimestamp() };
        _recent.AddFirst(node);
        return true;
    }

    // The one that was used longest ago is the last.
    private void DropExpired()
    {
        while (expiry is { } age && _recent.Last is { } last && time.GetElapsedTime(last.Value.Used) > age) Forget(last);
    }

    private void Forget(LinkedListNode<Entry> node)
    {
        _recent.Remove(node);
        _entries.Remove(node.Value.Id);
        _bytes -= node.Value.File.Length;
        // An id that came back and went again stands twice in the queue, which only makes it forgotten sooner.
        if (!_forgotten.Add(node.Value.Id)) return;
        _forgottenOrder.Enqueue(node.Value.Id);
        if (_forgottenOrder.Count > MostForgotten) _forgotten.Remove(_forgottenOrder.Dequeue());
    }

    private sealed record Entry(string Id, byte[] File, long Used);
}
