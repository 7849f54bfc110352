using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;

namespace PaliGguf.Batch.Sources;

/// <summary>A picture in a tar file.</summary>
/// <param name="path">The file.</param>
/// <param name="member">Where in it.</param>
internal sealed class TarPicture(string path, TarMember member) : PictureSource
{
    public override string Name => $"{path}/{member.Name}";

    internal override long? Length => member.Length;

    public override async Task<byte[]> ReadAsync(CancellationToken cancellationToken = default)
    {
        ImageLimits.Default.CheckBytes(Name, member.Length);
        try
        {
            using FileStream file = InputFile.Open(path, "the shard");
            byte[] bytes = new byte[member.Length];
            for (int read = 0; read < bytes.Length;)
            {
                int count = await RandomAccess.ReadAsync(file.SafeFileHandle, bytes.AsMemory(read), member.Offset + read, cancellationToken)
                    .ConfigureAwait(false);
                if (count == 0) throw new EndOfStreamException("the shard has become shorter");
                read += count;
            }

            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(Name, e);
        }
    }
}
