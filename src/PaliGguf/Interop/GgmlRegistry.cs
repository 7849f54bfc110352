using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>The backend registry of ggml-backend.h (library ggml), native names kept.</summary>
internal static unsafe partial class GgmlRegistry
{
    public const string Library = "ggml";

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ggml_backend_load_all_from_path(string folder);

    /// <summary>Registers the backend of one file; 0 if it does not load.</summary>
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_load(string path);

    [LibraryImport(Library)]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport(Library)]
    public static partial ggml_backend_device* ggml_backend_dev_get(nuint index);
}
