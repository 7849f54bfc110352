namespace PaliGguf.Imaging.Frames;

/// <summary>Reads pictures that follow each other as portable pixmaps ("P6", width, height, 255, then three bytes per pixel).</summary>
internal sealed class PixmapReader(Stream stream, string name, ImageLimits limits)
{
    private const int MaxDigits = 6;

    private readonly byte[] _one = new byte[1];

    /// <summary>The next picture, or null at the end.</summary>
    /// <exception cref="ImageException">This is no pixmap, it is cut off, or larger than allowed.</exception>
    public async Task<RgbImage?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await stream.ReadAsync(_one, cancellationToken).ConfigureAwait(false) == 0) return null;
        if (_one[0] != 'P' || await NextAsync(cancellationToken).ConfigureAwait(false) != '6') throw Unexpected();
        _ = await NextAsync(cancellationToken).ConfigureAwait(false);
        int width = await NumberAsync(cancellationToken).ConfigureAwait(false);
        int height = await NumberAsync(cancellationToken).ConfigureAwait(false);
        int most = await NumberAsync(cancellationToken).ConfigureAwait(false);
        if (width < 1 || height < 1 || most != byte.MaxValue) throw Unexpected();
        limits.CheckSize(name, width, height);
        byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
        if (await stream.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < pixels.Length)
        {
            throw new VideoDecoderException(name, "ffmpeg ended in the middle of a frame");
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Digits and the one blank after them.</summary>
    private async ValueTask<int> NumberAsync(CancellationToken cancellationToken)
    {
        int number = 0;
        for (int digits = 0; digits <= MaxDigits; digits++)
        {
            int next = await NextAsync(cancellationToken).ConfigureAwait(false);
            if (next is ' ' or '\n') return number;
            if (next is < '0' or > '9') break;
            number = (10 * number) + next - '0';
        }

        throw Unexpected();
    }

    private async ValueTask<int> NextAsync(CancellationToken cancellationToken) =>
        await stream.ReadAsync(_one, cancellationToken).ConfigureAwait(false) == 0 ? throw Unexpected() : _one[0];

    private VideoDecoderException Unexpected() => new(name, "ffmpeg gives something else than pictures");
}
