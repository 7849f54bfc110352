namespace PaliGguf.Hub.Store;

/// <summary>
/// Keeps two programs from pulling the same: a file that one of them has locked. The system ends the lock with the program.
/// </summary>
internal static class PullLock
{
    private const string Name = ".lock";

    /// <summary>Takes the lock of a folder, which is made if need be; disposing gives it back and removes the file.</summary>
    /// <exception cref="HubException">Another program has it, or the folder can not be made.</exception>
    public static IDisposable Take(string folder, string subject)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                $"{folder}: the folder can not be made: {e.Message.ReplaceLineEndings(" ")} (PALIGGUF_HOME names another one)", e);
        }

        string path = Path.Combine(folder, Name);
        try
        {
            return new Taken(Leftovers.Lock(path, FileMode.OpenOrCreate));
        }
        catch (IOException e)
        {
            throw new HubException($"{subject}: another program is pulling it into {folder}", e);
        }
    }

    private sealed class Taken(FileStream file) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                File.Delete(file.Name);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // An empty file is left, which keeps nobody out.
            }

            file.Dispose();
        }
    }
}
