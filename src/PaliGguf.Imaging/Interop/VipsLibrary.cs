using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PaliGguf.Interop;

namespace PaliGguf.Imaging.Interop;

/// <summary>The libvips file of this process: found where all native libraries are looked for, its version checked, loaded.</summary>
internal sealed partial class VipsLibrary
{
    private const string Name = "libvips";

    private static readonly Version Oldest = new(8, 15);
    private static readonly Lazy<VipsLibrary> Ready = new(VipsBinding.Start);

    private VipsLibrary(string path, Version version, nint handle) => (Path, Version, Handle) = (path, version, handle);

    /// <summary>The library, loaded and set up by now.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit; the same error every time.</exception>
    public static VipsLibrary Current => Ready.Value;

    public string Path { get; }

    public Version Version { get; }

    public nint Handle { get; }

    /// <summary>Searches the folders of <see cref="NativeFolders"/> and loads what it finds.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit.</exception>
    public static VipsLibrary Find() => Open(NativeFolders.Find(Name, FileName()));

    /// <summary>Loads a file and makes sure that it is a libvips of a version that fits.</summary>
    /// <exception cref="NativeLibraryException">It is not.</exception>
    public static VipsLibrary Open(string path)
    {
        nint handle = NativeFile.Open(path);
        try
        {
            Version version = ReadVersion(handle, path);
            CheckVersion(version, path);
            return new VipsLibrary(path, version, handle);
        }
        catch
        {
            NativeLibrary.Free(handle);
            throw;
        }
    }

    /// <summary>The library that NetVips has loaded by itself, under the name that the system knows it by.</summary>
    /// <exception cref="NativeLibraryException">Its version does not fit.</exception>
    public static VipsLibrary Loaded(Version version)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetCurrentProcess();
        string path = process.Modules.Cast<System.Diagnostics.ProcessModule>().Select(module => module.FileName)
            .FirstOrDefault(file => FileName().IsMatch(System.IO.Path.GetFileName(file)), Name);
        CheckVersion(version, path);
        return new VipsLibrary(path, version, 0);
    }

    /// <summary>Refuses versions that this code was not made for.</summary>
    /// <exception cref="NativeLibraryException">The version does not fit.</exception>
    public static void CheckVersion(Version version, string path)
    {
        if (version.Major != Oldest.Major || version < Oldest)
        {
            throw new NativeLibraryException($"{path} is libvips {version}, but PaliGguf needs libvips {Oldest} or a newer {Oldest.Major}.x.");
        }
    }

    private static unsafe Version ReadVersion(nint handle, string path)
    {
        if (!NativeLibrary.TryGetExport(handle, "vips_version", out nint export))
        {
            throw new NativeLibraryException($"{path} is not a libvips library.");
        }

        delegate* unmanaged[Cdecl]<int, int> part = (delegate* unmanaged[Cdecl]<int, int>)export;
        return new Version(part(0), part(1), part(2));
    }

    [GeneratedRegex(
        @"^(libvips-42\.dll|libvips(-cpp)?\.so(\.[0-9]+)*|libvips(-cpp)?(\.[0-9]+)*\.dylib)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    internal static partial Regex FileName();
}
