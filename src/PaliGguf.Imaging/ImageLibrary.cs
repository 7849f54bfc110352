using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging;

/// <summary>The native library behind <see cref="ImageFile"/>, for diagnosis.</summary>
public static class ImageLibrary
{
    /// <summary>The version of libvips that is loaded.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit.</exception>
    public static Version Version => VipsLibrary.Current.Version;

    /// <summary>The file that libvips was loaded from.</summary>
    /// <exception cref="NativeLibraryException">It is missing, does not load, or has a version that does not fit.</exception>
    public static string Path => VipsLibrary.Current.Path;
}
