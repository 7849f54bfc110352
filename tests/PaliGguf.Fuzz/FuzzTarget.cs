namespace PaliGguf.Fuzz;

/// <summary>One reader of untrusted input, and what it may answer with.</summary>
/// <param name="Name">Its name on the command line; its corpus lies in the folder of the same name.</param>
/// <param name="Read">Reads an input as a program would.</param>
/// <param name="IsRefusal">Whether an exception is how this reader refuses an input. Any other one is a fault.</param>
internal sealed record FuzzTarget(string Name, Action<byte[]> Read, Func<Exception, bool> IsRefusal)
{
    /// <summary>What reading may allocate beyond the length of the input.</summary>
    public const long MostBytes = 64L << 20;

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

    /// <summary>A reader of files that belong together: the input has a zero byte between one and the next, and the last has the rest.</summary>
    /// <param name="name">The target's name.</param>
    /// <param name="files">What the files are called in their folder.</param>
    /// <param name="read">Reads the files at these paths.</param>
    /// <param name="isRefusal">As for any target.</param>
    public static FuzzTarget OfFiles(
        string name, IReadOnlyList<string> files, Action<IReadOnlyList<string>> read, Func<Exception, bool> isRefusal) => new(
        name,
        input =>
        {
            using ScratchFolder folder = new();
            List<string> paths = [];
            ReadOnlySpan<byte> rest = input;
            foreach (string file in files)
            {
                int end = paths.Count == files.Count - 1 ? -1 : rest.IndexOf((byte)0);
                paths.Add(folder.File(file, end < 0 ? rest : rest[..end]));
                rest = end < 0 ? [] : rest[(end + 1)..];
            }

            read(paths);
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
