using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using PaliGguf.Interop;

namespace PaliGguf.Imaging.Interop;

/// <summary>The libvips file of this process: found, its version checked, loaded and set up once, before the first call into it.</summary>
internal sealed partial class VipsLibrary
{
    /// <summary>The name under which the imports ask for it.</summary>
    public const string Name = "libvips";

    private static readonly Version Oldest = new(8, 15);
    private static readonly Lazy<VipsLibrary> Loaded = new(LoadAndSetUp);

    private readonly nint _handle;

    private VipsLibrary(string path, Version version, nint handle) => (Path, Version, _handle) = (path, version, handle);

    /// <summary>The library, loaded by now.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit; the same error every time.</exception>
    public static VipsLibrary Current => Loaded.Value;

    public string Path { get; }

    public Version Version { get; }

    /// <summary>Loads a file and makes sure that it is a libvips of a version that fits.</summary>
    /// <exception cref="NativeLibraryException">It is not.</exception>
    public static VipsLibrary Open(string path)
    {
        nint handle;
        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException($"The native library {path} does not load ({LastLine(e.Message)})", e);
        }

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

    /// <summary>Refuses versions that this binding was not made for.</summary>
    /// <exception cref="NativeLibraryException">The version does not fit.</exception>
    public static void CheckVersion(Version version, string path)
    {
        if (version.Major != Oldest.Major || version < Oldest)
        {
            throw new NativeLibraryException($"{path} is libvips {version}, but PaliGguf needs libvips {Oldest} or a newer {Oldest.Major}.x.");
        }
    }

    // The loader's own words come last, after advice for developers of .NET applications.
    private static string LastLine(string message) =>
        VipsException.Condense(message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault(""));

    private static unsafe Version ReadVersion(nint handle, string path)
    {
        if (!NativeLibrary.TryGetExport(handle, "vips_version", out nint export))
        {
            throw new NativeLibraryException($"{path} is not a libvips library.");
        }

        delegate* unmanaged[Cdecl]<int, int> part = (delegate* unmanaged[Cdecl]<int, int>)export;
        return new Version(part(0), part(1), part(2));
    }

    private static VipsLibrary LoadAndSetUp()
    {
        VipsLibrary library = Open(NativeFolders.Find(Name, FileName()));
        NativeLibrary.SetDllImportResolver(typeof(VipsLibrary).Assembly, (name, _, _) => name == Name ? library._handle : 0);
        if (Vips.vips_init("paligguf") != 0)
        {
            throw new NativeLibraryException($"{library.Path} does not start: {VipsException.FromErrorBuffer().Message}");
        }

        library.SetUp();
        return library;
    }

    private unsafe void SetUp()
    {
        // Complaints about damaged files would go to the console; what matters comes back as an error.
        const int Levels = GObject.G_LOG_LEVEL_CRITICAL | GObject.G_LOG_LEVEL_WARNING | GObject.G_LOG_LEVEL_MESSAGE
            | GObject.G_LOG_LEVEL_INFO | GObject.G_LOG_LEVEL_DEBUG;
        foreach (string domain in new[] { "VIPS", "GLib-GObject" }) _ = GObject.g_log_set_handler(domain, Levels, &IgnoreMessage, null);

        Vips.vips_block_untrusted_set(1);
        Vips.vips_operation_block_set("VipsForeignLoad", 1);
        foreach (string loader in new[] { "Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif" })
        {
            Vips.vips_operation_block_set("VipsForeignLoad" + loader, 0);
        }

        // No picture is asked for twice, and a cached operation would keep pointing at memory that its caller has unpinned.
        Vips.vips_cache_set_max(0);

        // Callers run pictures side by side; threads inside each picture would only compete with them.
        Vips.vips_concurrency_set(1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe void IgnoreMessage(byte* domain, int level, byte* message, void* user)
    {
    }

    [GeneratedRegex(
        @"^(libvips-42\.dll|libvips-cpp\.so(\.[0-9]+)*|libvips-cpp(\.[0-9]+)*\.dylib)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex FileName();
}
