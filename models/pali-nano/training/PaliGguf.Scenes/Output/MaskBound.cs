using PaliGguf.Scenes.Drawing;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Scenes.Output;

/// <summary>What segmentation can reach at best: masks encoded and decoded, and compared with themselves.</summary>
internal sealed class MaskBound(MaskEncoder encoder, MaskDecoder decoder)
{
    /// <summary>Reads both halves of a vision file.</summary>
    /// <exception cref="PaliException">It has not both.</exception>
    public static MaskBound Read(string vision) =>
        MaskEncoder.Read(vision) is { } one && MaskDecoder.Read(vision) is { } other
            ? new MaskBound(one, other) : throw new PaliException($"{vision} has no mask encoder.");

    /// <summary>The mean overlap of things' masks with what comes back of them.</summary>
    public double Of(IReadOnlyCollection<SeenThing> things) => things.Average(seen =>
    {
        ReadOnlySpan<byte> back = Back(seen).ToImageBitmap().Pixels, own = seen.Mask.Pixels;
        int common = 0, either = 0;
        for (int pixel = 0; pixel < own.Length; pixel++)
        {
            common += back[pixel] & own[pixel];
            either += back[pixel] | own[pixel];
        }

        return (double)common / either;
    });

    /// <summary>The shares of the codewords, and of the pixels in things' boxes, that another encoder and decoder make otherwise.</summary>
    public (double Codewords, double Pixels) Difference(IReadOnlyCollection<SeenThing> things, MaskBound other)
    {
        long codewords = 0, pixels = 0, all = 0;
        foreach (SeenThing seen in things)
        {
            codewords += Codewords(seen).Zip(other.Codewords(seen)).Count(pair => pair.First != pair.Second);
            ReadOnlySpan<byte> own = Back(seen).ToBitmap().Pixels, others = other.Back(seen).ToBitmap().Pixels;
            for (int pixel = 0; pixel < own.Length; pixel++) pixels += own[pixel] ^ others[pixel];
            all += own.Length;
        }

        return ((double)codewords / (MaskDecoder.Codewords * things.Count), (double)pixels / all);
    }

    private int[] Codewords(SeenThing seen) => encoder.Encode(seen.Mask, seen.Box);

    private Mask Back(SeenThing seen) => new(decoder.Decode(Codewords(seen)), seen.Pixels, seen.Mask.Width, seen.Mask.Height);
}
