namespace PaliGguf.Fuzz;

/// <summary>One reader of untrusted input, and what it may answer with.</summary>
/// <param name="Name">Its name on the command line; its corpus lies in the folder of the same name.</param>
/// <param name="Read">Reads an input as a program would.</param>
/// <param name="IsRefusal">Whether an exception is how this reader refuses an input. Any other one is a fault.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Read, Func<Exception, bool> IsRefusal)
{
    /// <summary>What reading may allocate beyond the length of the input.</summary>
    private const long MostBytes = 64L << 20;

    /// <summary>A reader of a file, which lies alone in a folder.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="file">What the file is called there.</param>
    /// <param name="read">Reads the file at a path.</param>
    /// <param name="isRefusal">As for any target.</param>
    public static FuzzTarget OfFile(string name, string file, Action<string> read, Func<Exception, bool> isRefusal) => new(
        name,
        input =>
        {
            using ScratchFolder folder = new();
            read(folder.File(file, input));
        },
        isRefusal);

    /// <summary>Reads an input.</summary>
    /// <returns>Why it was refused; null where it was taken.</returns>
    /// <exception cref="InvalidOperationException">Too much was allocated, or a refusal has no message.</exception>
    public string? Run(byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? refusal = Refusal(input);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > input.Length + MostBytes)
            throw new InvalidOperationException($"{allocated} bytes were allocated for {input.Length}.");
        return refusal;
    }

    private string? Refusal(byte[] input)
    {
        try
        {
            Read(input);
            return null;
        }
        catch (Exception refusal) when (IsRefusal(refusal))
        {
            if (string.IsNullOrWhiteSpace(refusal.Message)) throw new InvalidOperationException("A refusal says nothing.", refusal);
            return refusal.Message;
        }
    }
}
