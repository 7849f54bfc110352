namespace PaliGguf.Imaging;

/// <summary>How large a picture may be. All is checked before the pixels are decoded, so that a small hostile file can not fill the memory.</summary>
public sealed record ImageLimits
{
    /// <summary>100 megapixels, sides of 65,535 pixels, files of 256 MiB.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>
    /// The most pixels, width times height. Three bytes each must fit one array, so values over about 715 million have no further effect.
    /// </summary>
    public long MaxPixels { get; init; } = 100_000_000;

    /// <summary>The most pixels of one side.</summary>
    public int MaxSide { get; init; } = 65_535;

    /// <summary>The most bytes of an encoded file or stream, at most about 2 GiB.</summary>
    public long MaxBytes { get; init; } = 256L << 20;

    /// <summary>Checks the size that a header states.</summary>
    /// <exception cref="ImageLimitException">A picture of this size is over the limit.</exception>
    internal void CheckSize(string name, long width, long height)
    {
        if (width > MaxSide || height > MaxSide)
        {
            throw new ImageLimitException(name, $"{width} x {height} pixels are more than the limit of {MaxSide} per side");
        }

        long pixels = width * height;
        long most = Math.Min(MaxPixels, Array.MaxLength / 3);
        if (pixels > most)
        {
            throw new ImageLimitException(
                name, $"{width} x {height} pixels are {pixels / 1e6:0.######} million, more than the limit of {most / 1e6:0.######} million")
            {
                IsOfPixels = true,
            };
        }
    }

    /// <summary>Checks the length of encoded data.</summary>
    /// <exception cref="ImageLimitException">A file of this length is over the limit.</exception>
    internal void CheckBytes(string name, long length)
    {
        long most = Math.Min(MaxBytes, Array.MaxLength);
        if (length > most) throw new ImageLimitException(name, $"the file has more bytes than the limit of {most}");
    }
}
