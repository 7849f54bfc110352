using System.Runtime.InteropServices;

namespace PaliGguf.Imaging.Interop;

internal static unsafe partial class Vips
{
    public const string VIPS_META_N_PAGES = "n-pages";
    public const string Delay = "delay";

    /// <summary>The most rows of an image (VIPS_MAX_COORD).</summary>
    public const int MaxRows = 10_000_000;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_image_get_int(SafeVipsObject image, string name, out int content);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int vips_image_get_array_int(SafeVipsObject image, string name, out int* content, out int length);
}
