using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;

namespace PaliGguf.Training.Planning;

/// <summary>A picture of the size that data sets have them in, which is encoded and read as theirs are.</summary>
/// <param name="number">Tells it from others.</param>
internal sealed class MadeUpPicture(int number) : PictureSource
{
    private const int Side = 640;

    private static readonly Lazy<byte[]> Encoded = new(
        () => ImageFile.Encode(RgbImage.FromRgb(new byte[Side * Side * 3], Side, Side), ImageFormat.Jpeg));

    /// <summary>The encoded picture.</summary>
    public static byte[] Content => Encoded.Value;

    /// <inheritdoc/>
    public override string Name => $"made-up picture {number}";

    /// <inheritdoc/>
    public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => Task.FromResult(Content);
}
