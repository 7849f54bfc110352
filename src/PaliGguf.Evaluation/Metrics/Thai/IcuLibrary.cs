using System.Runtime.InteropServices;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>The word boundaries of the system's ICU. Its names carry its version, so that they are looked up when it is loaded.</summary>
internal sealed unsafe class IcuLibrary
{
    private const int OldestVersion = 50;
    private const int NewestVersion = 99;
    private const int Words = 1;
    private const int Done = -1;
    private const int VersionLength = 4;

    private readonly delegate* unmanaged[Cdecl]<int, byte*, char*, int, int*, nint> _open;
    private readonly delegate* unmanaged[Cdecl]<nint, int> _next;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _close;

    private IcuLibrary(nint library, string suffix)
    {
        _open = (delegate* unmanaged[Cdecl]<int, byte*, char*, int, int*, nint>)NativeLibrary.GetExport(library, "ubrk_open" + suffix);
        _next = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "ubrk_next" + suffix);
        _close = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "ubrk_close" + suffix);
        byte* version = stackalloc byte[VersionLength];
        ((delegate* unmanaged[Cdecl]<byte*, void>)NativeLibrary.GetExport(library, "u_getVersion" + suffix))(version);
        Version = FormattableString.Invariant($"{version[0]}.{version[1]}");
    }

    /// <summary>The version of the library.</summary>
    public string Version { get; }

    /// <summary>Loads the newest that the system has.</summary>
    /// <exception cref="PaliException">There is none.</exception>
    public static IcuLibrary Load()
    {
        foreach ((string name, string suffix) in Names())
        {
            // What is loaded stays so: the runtime uses the same library.
            if (NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "ubrk_open" + suffix, out _))
            {
                return new IcuLibrary(library, suffix);
            }
        }

        throw new PaliException(
            "There is no ICU library on this system to find Thai words with; install it (Debian: libicu72), or name a list of words.");
    }

    /// <summary>Where the words of a Thai text end.</summary>
    public IReadOnlyList<int> WordEnds(string text)
    {
        List<int> ends = [];
        fixed (char* characters = text)
        fixed (byte* locale = "th"u8)
        {
            int status = 0;
            nint iterator = _open(Words, locale, characters, text.Length, &status);
            // A negative status is a warning.
            if (status > 0 || iterator == 0) throw new PaliException($"ICU {Version} can not find Thai words: its error is {status}.");
            try
            {
                for (int end = _next(iterator); end != Done; end = _next(iterator)) ends.Add(end);
            }
            finally
            {
                _close(iterator);
            }
        }

        return ends;
    }

    private static IEnumerable<(string Name, string Suffix)> Names()
    {
        if (OperatingSystem.IsWindows()) yield return ("icu.dll", "");
        if (OperatingSystem.IsMacOS()) yield return ("/usr/lib/libicucore.dylib", "");
        for (int version = NewestVersion; version >= OldestVersion; version--) yield return ($"libicuuc.so.{version}", $"_{version}");
    }
}
