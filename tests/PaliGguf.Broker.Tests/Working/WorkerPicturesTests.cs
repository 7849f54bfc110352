using PaliGguf.Broker.Messages;
using PaliGguf.Broker.Working;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Hosting.Pictures;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Broker.Tests.Working;

public sealed class WorkerPicturesTests : IDisposable
{
    private static readonly string Scene = Path.Combine(Repository.PaliNano, "samples", "scene_01.png");

    private readonly TemporaryFolder _folder = new();
    private readonly RemotePictures _remote = new([], 1 << 20);

    public void Dispose()
    {
        _folder.Dispose();
        _remote.Dispose();
    }

    [Fact]
    public async Task Pictures_in_messages_and_in_allowed_folders_are_read()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Scene);
        PictureSource inline = Pictures().Of(new PictureReference("a.png") { Inline = bytes.Length }, bytes);
        Assert.Equal(448, (await inline.LoadAsync()).Width);
        PictureSource shared = Pictures(Repository.PaliNano).Of(new PictureReference("b.png") { Path = Scene }, default);
        Assert.Equal(448, (await shared.LoadAsync()).Width);
        Assert.Equal("b.png", shared.Name);
    }

    [Fact]
    public async Task Others_are_not_whatever_way_leads_there()
    {
        string link = _folder.File("link.png");
        File.CreateSymbolicLink(link, Scene);
        foreach (string path in new[] { Scene, link, "/etc/passwd", _folder.Path + "/../../etc/passwd", "relative.png/../../../etc/passwd" })
        {
            PictureSource picture = Pictures(_folder.Path).Of(new PictureReference("a") { Path = path }, default);
            string message = (await Assert.ThrowsAsync<UnauthorizedAccessException>(() => picture.LoadAsync())).Message;
            Assert.Contains("is not within what this worker may read", message);
        }
    }

    [Fact]
    public async Task Without_folders_and_hosts_the_way_out_is_told()
    {
        PictureSource file = Pictures().Of(new PictureReference("a") { Path = Scene }, default);
        Assert.Contains("--allow FOLDER", (await Assert.ThrowsAsync<ImageException>(() => file.LoadAsync())).Message);
        PictureSource address = Pictures().Of(new PictureReference("a") { Address = "https://example.org/a.jpg" }, default);
        Assert.Contains("--allow-host HOST", (await Assert.ThrowsAsync<ImageException>(() => address.LoadAsync())).Message);
    }

    [Fact]
    public async Task A_picture_of_a_gigabyte_is_over_the_limit_and_is_not_read()
    {
        string path = _folder.File("giant.png");
        using (FileStream file = File.Create(path)) file.SetLength(1 << 30);
        long before = GC.GetTotalAllocatedBytes();
        PictureSource picture = Pictures(_folder.Path).Of(new PictureReference(path) { Path = path }, default);
        Assert.Contains("limit", (await Assert.ThrowsAnyAsync<ImageException>(() => picture.LoadAsync())).Message);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 << 20);
    }

    private WorkerPictures Pictures(params string[] folders) =>
        new(folders.Length > 0 ? AllowedFolders.Of(folders, "worker", "put it there.") : null, _remote);
}
