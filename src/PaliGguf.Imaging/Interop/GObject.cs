using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

/// <summary>The functions of GLib and GObject in use; the libvips file exports them beside its own. Native names are kept.</summary>
internal static unsafe partial class GObject
{
    private const string Library = VipsLibrary.Name;

    public const int G_LOG_LEVEL_CRITICAL = 1 << 3;
    public const int G_LOG_LEVEL_WARNING = 1 << 4;
    public const int G_LOG_LEVEL_MESSAGE = 1 << 5;
    public const int G_LOG_LEVEL_INFO = 1 << 6;
    public const int G_LOG_LEVEL_DEBUG = 1 << 7;

    [LibraryImport(Library)]
    public static partial void g_object_unref(nint instance);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_set_property(SafeVipsObject instance, string name, ref GValue value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_object_get_property(SafeVipsObject instance, string name, ref GValue value);

    [LibraryImport(Library)]
    public static partial nint g_value_init(ref GValue value, nuint type);

    [LibraryImport(Library)]
    public static partial void g_value_unset(ref GValue value);

    [LibraryImport(Library)]
    public static partial void g_value_set_boolean(ref GValue value, int content);

    [LibraryImport(Library)]
    public static partial void g_value_set_int(ref GValue value, int content);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void g_value_set_string(ref GValue value, string content);

    [LibraryImport(Library)]
    public static partial void g_value_set_object(ref GValue value, SafeVipsObject content);

    [LibraryImport(Library)]
    public static partial nint g_value_dup_object(ref GValue value);

    [LibraryImport(Library)]
    public static partial void g_free(void* memory);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint g_log_set_handler(
        string domain, int levels, delegate* unmanaged[Cdecl]<byte*, int, byte*, void*, void> handler, void* user);
}
