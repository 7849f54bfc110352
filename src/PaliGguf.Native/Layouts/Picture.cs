using System.Runtime.InteropServices;

namespace PaliGguf.Native.Layouts;

/// <summary>pali_picture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Picture : ISized
{
    public uint size;
    public PixelFormat format;
    public int width;
    public int height;
    public long stride;
    public byte* pixels;
    public ulong pixel_bytes;

    public uint Size
    {
        readonly get => size;
        set => size = value;
    }

    public static uint Oldest => 40;
}

/// <summary>PALI_RGB and so on.</summary>
internal enum PixelFormat
{
    Rgb = 1,
    Rgba = 2,
    Bgra = 3,
}
