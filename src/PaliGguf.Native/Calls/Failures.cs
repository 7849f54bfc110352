using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Calls;

/// <summary>What becomes of an exception at the border: a status, and a text for the thread that called.</summary>
internal static class Failures
{
    private const string NoMemory = "There is too little memory.";

    [ThreadStatic]
    private static string? _last;

    /// <summary>What was wrong with this thread's last call that failed.</summary>
    public static string Last => _last ?? "";

    /// <summary>Keeps the text, and gives the status. Never throws.</summary>
    public static int Keep(Exception failure)
    {
        Status status = StatusOf(failure);
        try
        {
            _last = TextOf(failure);
        }
        catch (OutOfMemoryException)
        {
            _last = NoMemory;
        }

        return (int)status;
    }

    public static Status StatusOf(Exception failure) => failure switch
    {
        CallException call => call.Status,
        OperationCanceledException => Status.ErrorCancelled,
        ModelFormatException => Status.ErrorFormat,
        ModelChangedException => Status.ErrorChanged,
        ModelMemoryException or OutOfMemoryException => Status.ErrorMemory,
        NativeLibraryException => Status.ErrorNatives,
        InferenceException => Status.ErrorInference,
        IOException or UnauthorizedAccessException => Status.ErrorFile,
        ObjectDisposedException => Status.ErrorHandle,
        ArgumentException or PaliException => Status.ErrorArgument,
        _ => Status.ErrorInternal,
    };

    /// <summary>One line.</summary>
    public static string TextOf(Exception failure) => StatusOf(failure) switch
    {
        Status.ErrorInternal => $"{failure.GetType().Name}: {failure.Message}".ReplaceLineEndings(" "),
        _ => failure.Message.ReplaceLineEndings(" "),
    };
}
