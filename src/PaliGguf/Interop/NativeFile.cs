using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>Loads one native library, and says in one line why it does not load.</summary>
internal static class NativeFile
{
    /// <exception cref="NativeLibraryException">It does not load: the message has the loader's own words.</exception>
    public static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            string reason = LoaderText(failure.Message);
            string? remedy = SystemLibraries.Remedy(reason);
            throw new NativeLibraryException($"{path} is there, but it does not load: {reason}{(remedy is null ? "" : $" ({remedy})")}",
                failure)
            { Remedy = remedy };
        }
    }

    /// <summary>The loader's own words, which come last in an exception's message, after advice for developers of .NET
    /// applications.</summary>
    public static string LoaderText(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault("the system gives no reason");
}
