using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NetVips;
using PaliGguf.Interop;

namespace PaliGguf.Imaging.Interop;

/// <summary>
/// NetVips on the file that <see cref="VipsLibrary"/> finds. NetVips looks for libvips by a fixed name in the system's places, in a module
/// initializer, which runs before the first method is compiled that names one of its types. It lets itself be forestalled: whoever sets the
/// resolver first decides. In a program that is compiled ahead of time that initializer would run before all others:
/// NetVips.Substitutions.xml takes it out. A program that has used NetVips itself before has chosen its own file and settings, which are
/// kept.
/// </summary>
internal static class VipsBinding
{
    private static readonly Lazy<VipsLibrary> Found = new(VipsLibrary.Find);
    private static bool _forestalled;

    /// <summary>Takes over the search, and loads nothing yet.</summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage",
        "CA2255", Justification = "NetVips has such an initializer; only another one can be earlier.")]
    internal static void Forestall()
    {
        try
        {
            // By name: to name a type of it would be too late.
            NativeLibrary.SetDllImportResolver(Assembly.Load("NetVips"), (_, _, _) => Found.Value.Handle);
            _forestalled = true;
        }
        catch (Exception e) when (e is InvalidOperationException or FileNotFoundException)
        {
            // The program's own use came first, or a trimmed program has no use for pictures.
        }
    }

    /// <summary>Loads libvips and sets it up.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit.</exception>
    public static VipsLibrary Start() => _forestalled ? StartOwn(Found.Value) : Adopt();

    private static VipsLibrary StartOwn(VipsLibrary library)
    {
        if (!NetVips.NetVips.Init())
            throw new NativeLibraryException($"{library.Path} does not start: {PlainLine.Of(new VipsException("").Message)}");

        // Complaints about damaged files would go to the console; what matters comes back as an error.
        const Enums.LogLevelFlags Levels = Enums.LogLevelFlags.Critical | Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message
            | Enums.LogLevelFlags.Info | Enums.LogLevelFlags.Debug;
        foreach (string domain in new[] { "VIPS", "GLib-GObject" }) _ = Log.SetLogHandler(domain, Levels, static (_, _, _) => { });

        NetVips.NetVips.BlockUntrusted = true;
        Operation.Block("VipsForeignLoad", true);
        foreach (string loader in new[] { "Jpeg", "Png", "Webp", "Nsgif", "Tiff", "Heif" })
            Operation.Block("VipsForeignLoad" + loader, false);

        // No picture is asked for twice.
        Cache.Max = 0;

        // Callers run pictures side by side; threads inside each picture would only compete with them.
        NetVips.NetVips.Concurrency = 1;
        return library;
    }

    private static VipsLibrary Adopt()
    {
        if (ModuleInitializer.VipsInitialized)
        {
            return VipsLibrary.Loaded(new Version(NetVips.NetVips.Version(0), NetVips.NetVips.Version(1), NetVips.NetVips.Version(2)));
        }

        throw new NativeLibraryException(
            $"NetVips was used before PaliGguf.Imaging and did not find libvips "
                + $"({NativeFile.LoaderText(ModuleInitializer.Exception?.Message ?? "")}). "
            + "Call ImageFile or ImageLibrary first, or reference a package NetVips.Native.* too.");
    }
}
