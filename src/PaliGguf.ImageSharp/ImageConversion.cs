using PaliGguf.Tasks.Masks;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Advanced;
using SixLabors.ImageSharp.PixelFormats;

namespace PaliGguf.ImageSharp;

/// <summary>
/// Pictures of ImageSharp as the model takes them, and back. Pixels are taken as they lie in memory: a turn in the picture's EXIF and a
/// colour profile are not applied (<c>image.Mutate(x => x.AutoOrient())</c> does the former), so that boxes and masks fit these pixels.
/// </summary>
public static class ImageConversion
{
    /// <summary>Copies a picture of any pixel type; of several frames the first.</summary>
    /// <param name="image">The picture.</param>
    /// <returns>Its pixels with 8 bits a channel; what is transparent lies on white.</returns>
    /// <exception cref="ArgumentException">It has more pixels than an array can hold.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public static RgbImage ToRgbImage(this Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Copy copy = new();
        image.AcceptVisitor(copy);
        return copy.Result!;
    }

    /// <summary>Copies a picture; of several frames the first.</summary>
    /// <inheritdoc cref="ToRgbImage(Image)" path="/param|/returns|/exception"/>
    public static RgbImage ToRgbImage<TPixel>(this Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Frames.RootFrame.ToRgbImage();
    }

    /// <summary>Copies one frame of an animation or a video.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns>Its pixels with 8 bits a channel; what is transparent lies on white.</returns>
    /// <exception cref="ArgumentException">It has more pixels than an array can hold.</exception>
    /// <exception cref="ObjectDisposedException">The picture is disposed.</exception>
    public static RgbImage ToRgbImage<TPixel>(this ImageFrame<TPixel> frame)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (3L * frame.Width * frame.Height > Array.MaxLength)
            throw new ArgumentException($"{frame.Width} x {frame.Height} pixels are more than one array can hold.", nameof(frame));
        byte[] rgb = new byte[3 * frame.Width * frame.Height];
        frame.ProcessPixelRows(rows =>
        {
            byte[] rgba = new byte[4 * rows.Width];
            for (int y = 0; y < rows.Height; y++)
            {
                PixelOperations<TPixel>.Instance.ToRgba32Bytes(frame.GetConfiguration(), rows.GetRowSpan(y), rgba, rows.Width);
                RgbImage.Flatten(rgba, rgb.AsSpan(3 * rows.Width * y, 3 * rows.Width));
            }
        });
        return new RgbImage(frame.Width, frame.Height, rgb);
    }

    /// <summary>Copies a picture into one of ImageSharp; a mask by <see cref="MaskBitmap.ToImage"/> before.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="configuration">Whose memory it takes; ImageSharp's default when null.</param>
    /// <typeparam name="TPixel">Its pixel type: <see cref="Rgb24"/> keeps what is there, alpha becomes opaque.</typeparam>
    /// <returns>A new picture, which the caller disposes.</returns>
    public static Image<TPixel> ToImage<TPixel>(this RgbImage picture, Configuration? configuration = null)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(picture);
        configuration ??= Configuration.Default;
        Image<TPixel> image = new(configuration, picture.Width, picture.Height);
        image.ProcessPixelRows(rows =>
        {
            int bytes = 3 * rows.Width;
            for (int y = 0; y < rows.Height; y++)
            {
                PixelOperations<TPixel>.Instance.FromRgb24Bytes(configuration,
                    picture.Pixels.Slice(bytes * y, bytes), rows.GetRowSpan(y), rows.Width);
            }
        });
        return image;
    }

    private sealed class Copy : IImageVisitor
    {
        public RgbImage? Result { get; private set; }

        public void Visit<TPixel>(Image<TPixel> image)
            where TPixel : unmanaged, IPixel<TPixel> => Result = image.ToRgbImage();
    }
}
