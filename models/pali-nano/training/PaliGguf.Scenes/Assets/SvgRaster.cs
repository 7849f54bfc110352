using System.Runtime.CompilerServices;
using NetVips;
using PaliGguf.Imaging;
using SkiaSharp;

namespace PaliGguf.Scenes.Assets;

/// <summary>SVG to pixels, by the librsvg in libvips. PaliGguf.Imaging lets libvips read no SVG, since it may come from strangers; these
/// come from pinned packages.</summary>
internal static class SvgRaster
{
    private static readonly Lazy<bool> Allowed = new(Allow);

    // Before the first method is compiled that names a type of NetVips: the library is to be the one that PaliGguf.Imaging finds.
    private static readonly Version Loaded = ImageLibrary.Version;

    /// <summary>Draws an SVG file.</summary>
    /// <param name="svg">The file's content.</param>
    /// <param name="scale">Pixels for each of its own.</param>
    /// <returns>The picture, colours not multiplied by alpha.</returns>
    public static SKBitmap Draw(byte[] svg, double scale) => Loaded is not null && Allowed.Value ? Pixels(svg, scale)
        : throw new InvalidOperationException("libvips was not set up.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SKBitmap Pixels(byte[] svg, double scale)
    {
        using Image drawn = Image.SvgloadBuffer(svg, scale: scale);
        byte[] pixels = drawn.WriteToMemory<byte>();
        SKBitmap bitmap = new(new SKImageInfo(drawn.Width, drawn.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        pixels.CopyTo(bitmap.GetPixelSpan());
        return bitmap;
    }

    private static bool Allow()
    {
        NetVips.NetVips.BlockUntrusted = false;
        Operation.Block("VipsForeignLoadSvg", false);
        return true;
    }
}
