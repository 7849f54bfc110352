using PaliGguf.Cli.Models;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Cli.Evaluations;

/// <summary>A mask in a file of its own.</summary>
internal static class MaskFile
{
    private const int HalfWhite = 128;

    /// <summary>
    /// Reads a mask: a picture, or a JSON object of COCO's runs. In a picture what is at least half as bright as white is inside; where
    /// nothing is (masks of 0 and 1), all that is not black.
    /// </summary>
    /// <returns>Null if the file is neither.</returns>
    /// <exception cref="PaliException">It is one of them, and malformed.</exception>
    public static async Task<MaskBitmap?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is ".jsonl" or ".ndjson" or ".parquet" || Directory.Exists(path)) return null;
        if (extension == ".json") return await Task.Run(() => DatasetMask.Read(path), cancellationToken);
        RgbImage picture = (await PictureReader.ReadAsync([path], ImageLimits.Default, cancellationToken))[0];
        return await Task.Run(() => Of(picture), cancellationToken);
    }

    private static MaskBitmap Of(RgbImage picture)
    {
        byte[] brightest = new byte[picture.Width * picture.Height];
        ReadOnlySpan<byte> rgb = picture.Pixels;
        for (int i = 0; i < brightest.Length; i++) brightest[i] = Math.Max(rgb[3 * i], Math.Max(rgb[(3 * i) + 1], rgb[(3 * i) + 2]));
        int least = brightest.AsSpan().ContainsAnyInRange((byte)HalfWhite, byte.MaxValue) ? HalfWhite : 1;
        for (int i = 0; i < brightest.Length; i++) brightest[i] = brightest[i] >= least ? (byte)1 : (byte)0;
        return MaskBitmap.FromPixels(picture.Width, picture.Height, brightest);
    }
}
