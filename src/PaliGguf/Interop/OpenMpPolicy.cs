using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// How threads of GNU OpenMP wait for each other: by sleeping instead of spinning, unless the user has said otherwise. It reads the
/// environment of C when it is loaded, and then never again; .NET's own environment is a copy that C does not see.
/// </summary>
internal static unsafe partial class OpenMpPolicy
{
    private const string Policy = "OMP_WAIT_POLICY";

    /// <summary>Loads a library while the environment asks for sleeping; of no effect where libgomp is not used, or is loaded
    /// already.</summary>
    public static nint WhileSleeping(Func<nint> load)
    {
        if (!OperatingSystem.IsLinux() || getenv(Policy) is not null) return load();
        setenv(Policy, "passive", overwrite: 0);
        try
        {
            return load();
        }
        finally
        {
            unsetenv(Policy);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* getenv(string name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);
}
