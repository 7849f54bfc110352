namespace PaliGguf.Imaging.Frames;

/// <summary>
/// The pictures that lie in a folder, not below it, as frames. Pipes, sockets and devices are none, whatever they are called.
/// </summary>
internal static class PictureFolder
{
    private static readonly HashSet<string> Endings =
        new([".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".avif", ".bmp"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> EndingsAsSpans =
        Endings.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a file is called like a picture.</summary>
    public static bool IsPicture(ReadOnlySpan<char> name) => EndingsAsSpans.Contains(Path.GetExtension(name));

    /// <summary>The pictures' files, in natural order of names.</summary>
    /// <exception cref="ImageException">The folder can not be read, or holds no pictures.</exception>
    public static IReadOnlyList<string> Files(string folder, CancellationToken cancellationToken) => Files(folder, static _ => { }, cancellationToken);

    public static async Task<FrameSequence> ReadAsync(string folder, FrameOptions options, CancellationToken cancellationToken)
    {
        List<string> files = Files(folder, count => options.CheckFrames(folder, count), cancellationToken);
        List<Frame> frames = [];
        long pixels = 0;
        foreach (int index in FrameSampling.Indices(files.Count, options.Count))
        {
            RgbImage picture = await ImageFile.LoadAsync(files[index], options.Limits, cancellationToken).ConfigureAwait(false);
            options.CheckTotal(folder, pixels += (long)picture.Width * picture.Height);
            frames.Add(new Frame(picture, index, File: files[index]));
        }

        return FrameSampling.Sequence(FrameSourceKind.Folder, files.Count, frames, options);
    }

    private static List<string> Files(string folder, Action<int> checkCount, CancellationToken cancellationToken)
    {
        List<string> files = [];
        try
        {
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!IsPicture(file) || Path.GetFileName(file).StartsWith('.')) continue;
                if (!RegularFile.IsOne(file)) continue;
                files.Add(file);
                checkCount(files.Count);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(folder, $"the folder can not be read ({e.Message})", e);
        }

        if (files.Count == 0) throw new ImageException(folder, "the folder holds no pictures (files ending in .jpg, .png, .webp, .gif, .tif, .avif or .bmp)");
        files.Sort((one, other) => NaturalOrder.Instance.Compare(Path.GetFileName(one), Path.GetFileName(other)));
        return files;
    }
}
