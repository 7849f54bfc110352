using NetVips;

namespace PaliGguf.Imaging.Interop;

/// <summary>
/// One piece of work with libvips, from its first call to its last. libvips gathers its messages, warnings about good pictures among them,
/// in one list for the whole process. What it says of a failure is therefore believed only when no other work was under way at any time
/// meanwhile: nothing of one picture may show in the message about another.
/// </summary>
internal sealed class VipsWork : IDisposable
{
    private static readonly Lock Gate = new();
    private static int _running;
    private static long _begun;

    private readonly bool _alone;
    private readonly long _number;

    /// <summary>Begins.</summary>
    /// <exception cref="NativeLibraryException">libvips is not usable.</exception>
    public VipsWork()
    {
        _ = VipsLibrary.Current;
        lock (Gate)
        {
            _alone = ++_running == 1;
            _number = ++_begun;
            if (_alone) Forget();
        }
    }

    /// <summary>What libvips said of a failure, as " (reason)"; empty where that may be about another picture.</summary>
    public string Reason(VipsException failure)
    {
        lock (Gate)
        {
            if (!_alone || _begun != _number) return "";
        }

        // The first line is NetVips' own and names the call.
        int end = failure.Message.IndexOf('\n', StringComparison.Ordinal);
        return $" ({PlainLine.Of(end < 0 ? "" : failure.Message[end..], "libvips gives no reason")})";
    }

    public void Dispose()
    {
        lock (Gate) _running--;
    }

    /// <summary>Empties the list: NetVips does so when it makes an exception of it.</summary>
    private static void Forget() => _ = new VipsException("");
}
