using PaliGguf.Scenes.Drawing;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Scenes.Output;

/// <summary>What segmentation can reach at best: masks encoded and decoded, and compared with themselves.</summary>
internal static class MaskBound
{
    /// <summary>The mean overlap of things' masks with what comes back of them.</summary>
    public static double Of(IReadOnlyCollection<SeenThing> things, MaskEncoder encoder, MaskDecoder decoder) => things.Average(seen =>
    {
        int side = seen.Mask.Width;
        float[] logits = decoder.Decode(encoder.Encode(seen.Mask, seen.Box));
        ReadOnlySpan<byte> back = new Mask(logits, seen.Pixels, side, side).ToImageBitmap().Pixels, own = seen.Mask.Pixels;
        int common = 0, either = 0;
        for (int pixel = 0; pixel < own.Length; pixel++)
        {
            common += back[pixel] & own[pixel];
            either += back[pixel] | own[pixel];
        }

        return (double)common / either;
    });
}
