using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// Asks the system for memory that the native libraries are about to take, and gives it back. Where they can not have it, they end the process more often than they report
/// an error; and this fails with an exception.
/// </summary>
internal static class Headroom
{
    // Graphs, lists and the like: small, many, and each of them fatal if it fails.
    private const long Spare = 64L << 20;

    /// <param name="bytes">How much the libraries will take at most.</param>
    /// <param name="purpose">What for, to be read after "for".</param>
    /// <exception cref="ModelMemoryException">The system does not have it.</exception>
    public static void Require(long bytes, string purpose)
    {
        try
        {
            Take(bytes);
        }
        catch (OutOfMemoryException failure)
        {
            throw new ModelMemoryException($"The system has no {ByteSize.Format(bytes + Spare)} for {purpose}.", innerException: failure);
        }
    }

    /// <summary>Whether the system has it.</summary>
    /// <param name="bytes">How much the libraries would take at most.</param>
    public static bool IsThere(long bytes)
    {
        try
        {
            Take(bytes);
            return true;
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }

    private static unsafe void Take(long bytes) => NativeMemory.Free(NativeMemory.Alloc((nuint)(bytes + Spare)));
}
