namespace PaliGguf.Native.Work;

/// <summary>What a caller has a handle of.</summary>
/// <remarks>Disposing it ends it and lets go of all that it has, in the background; the pixels of the caller at once.</remarks>
internal interface IHandled : IAsyncDisposable
{
    /// <summary>Completes when it has ended, in whatever way; never fails.</summary>
    Task Ended { get; }

    /// <summary>Why it failed; null where it did not.</summary>
    Exception? Failure { get; }

    /// <summary>Ends it early.</summary>
    void Cancel();
}
