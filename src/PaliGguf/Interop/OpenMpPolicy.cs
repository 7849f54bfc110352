using System.Globalization;
using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>
/// How threads of GNU OpenMP wait for each other: by sleeping instead of spinning, unless the user has said otherwise. It reads the
/// environment of C when it is loaded, and then never again; .NET's own environment is a copy that C does not see.
/// </summary>
internal static unsafe partial class OpenMpPolicy
{
    private const string Policy = "OMP_WAIT_POLICY", SpinCount = "GOMP_SPINCOUNT";

    /// <summary>Loads a library while the environment asks for sleeping; of no effect where libgomp is not used, or is loaded
    /// already.</summary>
    /// <param name="load">Loads it.</param>
    /// <param name="spins">How often a thread looks before it sleeps.</param>
    public static nint WhileSleeping(Func<nint> load, int spins = 0)
    {
        if (!OperatingSystem.IsLinux() || getenv(Policy) is not null || getenv(SpinCount) is not null) return load();
        setenv(Policy, "passive", overwrite: 0);
        if (spins > 0) setenv(SpinCount, spins.ToString(CultureInfo.InvariantCulture), overwrite: 0);
        try
        {
            return load();
        }
        finally
        {
            unsetenv(Policy);
            unsetenv(SpinCount);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* getenv(string name);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unsetenv(string name);
}
