using System.Runtime.ExceptionServices;
using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>Tells of the progress of a load by the library, ends it when it is cancelled, and says why there are no weights.</summary>
internal sealed class LoadWatch(IProgress<float>? progress, CancellationToken cancellationToken)
{
    private ExceptionDispatchInfo? _failure;

    /// <summary>Whether the load is void: cancelled, or the caller's own code has failed.</summary>
    public bool Ended => _failure is not null || cancellationToken.IsCancellationRequested;

    /// <summary>For the library.</summary>
    /// <param name="fraction">How much is loaded, 0 to 1.</param>
    /// <returns>Whether to go on.</returns>
    public bool GoOn(float fraction)
    {
        try
        {
            progress?.Report(fraction);
        }
        catch (Exception failure)
        {
            // The caller's code: its exception must not travel through native frames, so it waits until they have returned.
            _failure = ExceptionDispatchInfo.Capture(failure);
        }

        return !Ended;
    }

    /// <summary>What a load without weights ends with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">What the library said meanwhile.</param>
    /// <param name="cause">What a binding threw.</param>
    public Exception Outcome(string path, NativeLog.Route log, Exception? cause = null)
    {
        _failure?.Throw();
        if (Ended) return new OperationCanceledException(cancellationToken);
        if (log.TellsOfMemory)
        {
            return new ModelMemoryException($"{path}: there is too little memory for the decoder ({log.Errors}).", innerException: cause);
        }

        string reason = log.Errors.Length > 0 ? log.Errors : "it gave no reason";
        return new ModelFormatException(path, $"llama.cpp does not load it: {reason}.", cause);
    }
}
