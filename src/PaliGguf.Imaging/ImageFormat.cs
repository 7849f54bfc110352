namespace PaliGguf.Imaging;

/// <summary>The kinds of image file that are read and written.</summary>
public enum ImageFormat
{
    /// <summary>JPEG, lossy.</summary>
    Jpeg,

    /// <summary>PNG, lossless.</summary>
    Png,

    /// <summary>WebP; written lossy.</summary>
    WebP,

    /// <summary>GIF; of an animation the first frame is read. Written with at most 256 colours.</summary>
    Gif,

    /// <summary>TIFF; of several pages the first is read. Written lossless.</summary>
    Tiff,

    /// <summary>AVIF, lossy.</summary>
    Avif,

    /// <summary>Windows bitmap without compression, lossless.</summary>
    Bmp,
}
