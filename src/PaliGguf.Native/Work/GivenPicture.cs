using System.Runtime.InteropServices;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;

namespace PaliGguf.Native.Work;

/// <summary>A caller's picture, until it is read: pixels of his, which he may want back at any time, or a copy of them.</summary>
internal sealed unsafe class GivenPicture : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Picture _picture;
    private readonly int _bytes;
    private readonly bool _copied;
    private byte* _pixels;

    private GivenPicture(Picture picture, int bytes, bool borrow)
    {
        _picture = picture;
        _bytes = bytes;
        _copied = !borrow;
        _pixels = picture.pixels;
        if (borrow) return;
        _pixels = (byte*)NativeMemory.Alloc((nuint)bytes);
        Buffer.MemoryCopy(picture.pixels, _pixels, bytes, bytes);
    }

    /// <summary>Takes a picture.</summary>
    /// <param name="given">pali_picture.</param>
    /// <param name="name">What it is called in errors.</param>
    /// <param name="borrow">Whether its pixels stay where they are.</param>
    /// <exception cref="CallException">It is no picture, or longer than its memory.</exception>
    public static GivenPicture Take(void* given, string name, bool borrow)
    {
        Picture picture = Sized.Read<Picture>(given, name);
        if (picture.format is not (PixelFormat.Rgb or PixelFormat.Rgba or PixelFormat.Bgra))
        {
            throw CallException.Argument($"{name}->format is {(int)picture.format}: it is PALI_RGB, PALI_RGBA or PALI_BGRA.");
        }

        if (picture.width < 1 || picture.height < 1)
        {
            throw CallException.Argument($"{name} has {picture.width} x {picture.height} pixels: each side is 1 at least.");
        }
        if (picture.pixels is null) throw CallException.Argument($"{name}->pixels is null.");
        long row = (long)picture.width * (picture.format == PixelFormat.Rgb ? 3 : 4);
        // The stride of a single row is of no meaning.
        if (picture.height == 1) picture.stride = 0;
        Int128 stride = picture.stride == 0 ? row : Int128.Abs(picture.stride);
        if (stride < row)
        {
            throw CallException.Argument($"{name}->stride is {picture.stride}, and a row of {picture.width} pixels has {row} bytes.");
        }
        Int128 bytes = (stride * (picture.height - 1)) + row;
        if (bytes > Array.MaxLength)
        {
            throw CallException.Argument(
                $"{name} has {picture.width} x {picture.height} pixels in {bytes} bytes: {Array.MaxLength} are the most.");
        }
        if ((UInt128)bytes > picture.pixel_bytes)
        {
            throw CallException.Argument(
                $"{name}->pixel_bytes is {picture.pixel_bytes}, and {picture.width} x {picture.height} pixels take {bytes} bytes.");
        }

        return new GivenPicture(picture, (int)bytes, borrow);
    }

    /// <summary>Reads the pixels, which are not needed any more afterwards.</summary>
    /// <exception cref="OperationCanceledException">The caller has taken them back.</exception>
    public RgbImage Read()
    {
        lock (_gate)
        {
            if (_pixels is null) throw new OperationCanceledException("The picture was taken back.");
            ReadOnlySpan<byte> pixels = new(_pixels, _bytes);
            int stride = (int)Math.Abs(_picture.stride);
            RgbImage image = _picture.format switch
            {
                PixelFormat.Rgb => RgbImage.FromRgb(pixels, _picture.width, _picture.height, stride),
                PixelFormat.Rgba => RgbImage.FromRgba(pixels, _picture.width, _picture.height, stride),
                _ => RgbImage.FromBgra(pixels, _picture.width, _picture.height, stride),
            };
            LetGo();
            return _picture.stride < 0 ? UpsideDown(image) : image;
        }
    }

    /// <summary>The pixels are not read any more when this returns.</summary>
    public void Dispose()
    {
        lock (_gate) LetGo();
    }

    private void LetGo()
    {
        if (_copied) NativeMemory.Free(_pixels);
        _pixels = null;
    }

    private static RgbImage UpsideDown(RgbImage image)
    {
        int row = 3 * image.Width;
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < image.Height; y++) image.Pixels.Slice((image.Height - 1 - y) * row, row).CopyTo(pixels.AsSpan(y * row));
        return new RgbImage(image.Width, image.Height, pixels);
    }
}
