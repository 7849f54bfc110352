namespace PaliGguf.Vision;

/// <summary>
/// Turns 8-bit pixels into the numbers that the vision tower was trained on: <c>(value / 255 - mean) / deviation</c>, per channel, in single precision.
/// Immutable; one instance serves all threads.
/// </summary>
public sealed class PixelNormalization
{
    private const int Levels = 256;

    private readonly float[] _values = new float[3 * Levels];

    /// <summary>Makes a normalisation.</summary>
    /// <param name="mean">Three numbers, red, green, blue, on the scale from 0 to 1.</param>
    /// <param name="deviation">Three numbers, likewise, finite and not 0.</param>
    /// <exception cref="ArgumentException">There are not three numbers, or one is not usable.</exception>
    public PixelNormalization(ReadOnlySpan<float> mean, ReadOnlySpan<float> deviation)
    {
        if (mean.Length != 3) throw new ArgumentException($"Three channels have three means, not {mean.Length}.", nameof(mean));
        if (deviation.Length != 3) throw new ArgumentException($"Three channels have three deviations, not {deviation.Length}.", nameof(deviation));
        for (int channel = 0; channel < 3; channel++)
        {
            if (!float.IsFinite(mean[channel])) throw new ArgumentException($"A mean of {mean[channel]} is not usable.", nameof(mean));
            if (!float.IsFinite(deviation[channel]) || deviation[channel] == 0)
            {
                throw new ArgumentException($"A deviation of {deviation[channel]} is not usable.", nameof(deviation));
            }

            for (int level = 0; level < Levels; level++)
            {
                _values[(channel * Levels) + level] = ((level / 255f) - mean[channel]) / deviation[channel];
            }
        }
    }

    /// <summary>SigLIP's own: mean and deviation 0.5, so that values lie between -1 and 1.</summary>
    public static PixelNormalization Siglip { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    /// <summary>Writes a picture as [3, height, width]: all of red, then green, then blue, each row by row.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="destination">Exactly <c>3 * Width * Height</c> floats.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void WriteChannelFirst(RgbImage image, Span<float> destination)
    {
        ReadOnlySpan<byte> pixels = CheckedPixels(image, destination);
        int plane = pixels.Length / 3;
        for (int channel = 0; channel < 3; channel++) WriteRun(pixels, channel, destination.Slice(channel * plane, plane));
    }

    /// <summary>
    /// Writes a picture as [patches, 3 * p * p]: one row per square of p x p pixels, patches row by row from the top left, and inside a patch channel,
    /// row, column. This is the order of the weights of a convolution with stride p.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="patchSize">The side p of a patch in pixels; it divides both sides of the picture.</param>
    /// <param name="destination">Exactly <c>3 * Width * Height</c> floats.</param>
    /// <exception cref="ArgumentException">The destination has another length, or the patches do not cover the picture exactly.</exception>
    public void WritePatches(RgbImage image, int patchSize, Span<float> destination)
    {
        ReadOnlySpan<byte> pixels = CheckedPixels(image, destination);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        if (image.Width % patchSize != 0 || image.Height % patchSize != 0)
        {
            throw new ArgumentException($"{image.Width} x {image.Height} pixels do not divide into patches of {patchSize}.", nameof(patchSize));
        }

        for (int top = 0; top < image.Height; top += patchSize)
        {
            for (int left = 0; left < image.Width; left += patchSize)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    for (int y = top; y < top + patchSize; y++)
                    {
                        WriteRun(pixels[(3 * ((y * image.Width) + left))..], channel, destination[..patchSize]);
                        destination = destination[patchSize..];
                    }
                }
            }
        }
    }

    private void WriteRun(ReadOnlySpan<byte> pixels, int channel, Span<float> destination)
    {
        ReadOnlySpan<float> values = _values.AsSpan(channel * Levels, Levels);
        for (int i = 0; i < destination.Length; i++) destination[i] = values[pixels[(3 * i) + channel]];
    }

    private static ReadOnlySpan<byte> CheckedPixels(RgbImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (destination.Length != image.Pixels.Length)
        {
            throw new ArgumentException(
                $"{image.Width} x {image.Height} pixels are {image.Pixels.Length} numbers, not {destination.Length}.", nameof(destination));
        }

        return image.Pixels;
    }
}
