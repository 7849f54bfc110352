using PaliGguf.Imaging;

namespace PaliGguf.Evaluation.Samples;

/// <summary>Loads the pictures of samples, each one once where its samples follow each other.</summary>
internal sealed class PictureLoader
{
    private (string Path, RgbImage Picture)? _last;

    public async Task<RgbImage> LoadAsync(string path, CancellationToken cancellationToken)
    {
        if (_last is { } last && last.Path == path) return last.Picture;
        RgbImage picture = await ImageFile.LoadAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        _last = (path, picture);
        return picture;
    }
}
