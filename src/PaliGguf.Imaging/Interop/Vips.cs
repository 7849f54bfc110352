using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

/// <summary>
/// The functions of libvips in use; native names are kept. None takes a variable number of arguments, which not every platform could call from .NET:
/// operations are built from properties instead (<see cref="VipsOperation"/>).
/// </summary>
internal static unsafe partial class Vips
{
    private const string Library = VipsLibrary.Name;

    public const string VIPS_META_ICC_NAME = "icc-profile-data";
    public const int VIPS_FORMAT_UCHAR = 0;
    public const int VIPS_INTERPRETATION_sRGB = 22;
    public const int VIPS_ACCESS_SEQUENTIAL = 1;
    public const int VIPS_FAIL_ON_ERROR = 2;
    public const int VIPS_INTENT_PERCEPTUAL = 0;
    public const int VIPS_FOREIGN_HEIF_COMPRESSION_AV1 = 4;
    public const int VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE = 2;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_init(string programName);

    [LibraryImport(Library)]
    public static partial void vips_cache_set_max(int operations);

    [LibraryImport(Library)]
    public static partial void vips_concurrency_set(int threads);

    [LibraryImport(Library)]
    public static partial void vips_block_untrusted_set(int state);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void vips_operation_block_set(string className, int state);

    [LibraryImport(Library)]
    public static partial byte* vips_error_buffer_copy();

    [LibraryImport(Library)]
    public static partial nuint vips_tracked_get_mem();

    [LibraryImport(Library)]
    public static partial int vips_tracked_get_allocs();

    [LibraryImport(Library)]
    public static partial nuint vips_image_get_type();

    [LibraryImport(Library)]
    public static partial nuint vips_blob_get_type();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeVipsObject vips_operation_new(string name);

    [LibraryImport(Library)]
    public static partial int vips_object_build(SafeVipsObject operation);

    [LibraryImport(Library)]
    public static partial void vips_object_unref_outputs(SafeVipsObject operation);

    [LibraryImport(Library)]
    public static partial void vips_value_set_blob(ref GValue value, nint free, void* data, nuint length);

    [LibraryImport(Library)]
    public static partial void* vips_value_get_blob(ref GValue value, out nuint length);

    [LibraryImport(Library)]
    public static partial SafeVipsObject vips_image_new_from_memory(void* data, nuint size, int width, int height, int bands, int format);

    [LibraryImport(Library)]
    public static partial int vips_image_get_width(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_height(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_bands(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_format(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_interpretation(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial int vips_image_get_orientation(SafeVipsObject image);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nuint vips_image_get_typeof(SafeVipsObject image, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_image_get_blob(SafeVipsObject image, string name, out byte* data, out nuint length);

    [LibraryImport(Library)]
    public static partial SafeVipsObject vips_region_new(SafeVipsObject image);

    [LibraryImport(Library)]
    public static partial byte* vips_region_fetch(SafeVipsObject region, int left, int top, int width, int height, out nuint length);
}
