namespace PaliGguf.Server.Models;

/// <summary>A model of a pool, from the first request for it until it is unloaded. The pool's lock guards all of it.</summary>
/// <param name="listed">What it is.</param>
/// <param name="queue">Where requests wait for their turn on it.</param>
internal sealed class PooledModel(ListedModel listed, AdmissionQueue queue)
{
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ListedModel Listed => listed;

    public AdmissionQueue Queue => queue;

    /// <summary>The load, from its beginning.</summary>
    public Task<PaliModel>? Load { get; set; }

    /// <summary>Ends the load when nobody waits for it.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>The model, once it is loaded.</summary>
    public PaliModel? Model { get; set; }

    /// <summary>What it takes.</summary>
    public ModelNeeds Needs { get; set; }

    /// <summary>How many requests use it, or wait for it.</summary>
    public int Users { get; set; }

    /// <summary>When it was used last, as the clock counts.</summary>
    public long LastUse { get; set; }

    /// <summary>When it was loaded.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>How long it stays loaded when nobody uses it.</summary>
    public TimeSpan Stay { get; set; }

    /// <summary>Runs while nobody uses it.</summary>
    public ITimer? Idle { get; set; }

    /// <summary>When that ends.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>Its unloading, once that is certain; new requests no longer get it.</summary>
    public Task? Closing { get; set; }

    /// <summary>Ends when nobody uses it any more, and nobody will.</summary>
    public Task Unused => _unused.Task;

    public void Release() => _unused.TrySetResult();

    public void StopIdle()
    {
        Idle?.Dispose();
        (Idle, Until) = (null, null);
    }
}
