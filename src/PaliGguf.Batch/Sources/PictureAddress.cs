using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;

namespace PaliGguf.Batch.Sources;

/// <summary>A picture at an address of the web. Workers of a job fetch it, from hosts that they are allowed; others do not.</summary>
/// <param name="address">The address, http or https.</param>
internal sealed class PictureAddress(Uri address) : PictureSource
{
    /// <summary>The address.</summary>
    public Uri Address => address;

    /// <inheritdoc/>
    public override string Name => address.OriginalString;

    /// <inheritdoc/>
    public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => throw new ImageException(
        Name, "addresses are fetched by the workers of a job alone (--broker): download the file, and name it");
}
