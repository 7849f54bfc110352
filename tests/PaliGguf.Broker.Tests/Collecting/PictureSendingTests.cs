using PaliGguf.Batch.Sources;
using PaliGguf.Broker.Collecting;
using PaliGguf.Broker.Messages;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Broker.Tests.Collecting;

public sealed class PictureSendingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_small_picture_travels_in_its_message_and_a_large_one_by_its_path()
    {
        string small = _folder.Write("small.png", new byte[100]), large = _folder.Write("large.png", new byte[101]);
        (PictureReference reference, byte[] inline) = await new PictureSending(100).PrepareAsync(new PictureFile(small), default);
        Assert.Equal((small, 100, 100, null), (reference.Name, reference.Inline, inline.Length, reference.Path));
        (reference, inline) = await new PictureSending(100).PrepareAsync(new PictureFile(large), default);
        Assert.Equal((large, null, 0), (reference.Path, reference.Inline, inline.Length));
        (reference, _) = await new PictureSending(0).PrepareAsync(new PictureFile(small), default);
        Assert.Equal(small, reference.Path);
    }

    [Fact]
    public async Task One_of_a_gigabyte_is_not_read()
    {
        string path = _folder.File("giant.png");
        using (FileStream file = File.Create(path)) file.SetLength(1 << 30);
        long before = GC.GetTotalAllocatedBytes();
        (PictureReference reference, _) = await new PictureSending(ItemMessage.MostInline).PrepareAsync(new PictureFile(path), default);
        Assert.Equal(path, reference.Path);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 << 20);
    }

    [Fact]
    public async Task An_address_is_sent_as_it_is()
    {
        PictureAddress picture = new(new Uri("https://example.org/a.jpg?x=1"));
        Assert.Equal("https://example.org/a.jpg?x=1", (await new PictureSending(100).PrepareAsync(picture, default)).Reference.Address);
    }

    [Fact]
    public async Task What_is_in_no_file_of_its_own_and_too_large_fails_unread()
    {
        PaliException failure = await Assert.ThrowsAsync<PaliException>(
            () => new PictureSending(100).PrepareAsync(new Embedded(1L << 33), default));
        Assert.Contains("it has 8589934592 bytes, and pictures up to 100 travel in messages (--inline", failure.Message);
    }

    [Fact]
    public async Task What_is_missing_fails_at_once() =>
        await Assert.ThrowsAsync<ImageException>(() => new PictureSending(100).PrepareAsync(new PictureFile(_folder.File("gone.png")), default));

    private sealed class Embedded(long length) : PictureSource
    {
        public override string Name => "shard.tar/a.png";

        internal override long? Length => length;

        public override Task<byte[]> ReadAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("It was read.");
    }
}
