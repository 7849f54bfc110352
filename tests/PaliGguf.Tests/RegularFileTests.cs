using System.Diagnostics;
using System.Net.Sockets;

namespace PaliGguf.Tests;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_are_what_they_seem()
    {
        string full = _folder.Write("full", "abc"u8), empty = _folder.Write("empty", []);
        File.CreateSymbolicLink(_folder.File("link"), full);

        foreach (string file in new[] { full, empty, _folder.File("link") })
        {
            Assert.True(RegularFile.IsOne(file));
            using FileStream stream = RegularFile.Open(file);
            Assert.Equal(file == empty ? 0 : 3, stream.Length);
            Assert.Equal(0, stream.Position);
        }
    }

    [Fact]
    public void Neither_pipes_nor_sockets_nor_devices_are_waited_for()
    {
        if (OperatingSystem.IsWindows()) return;
        using (Process mkfifo = Process.Start("mkfifo", [_folder.File("pipe")])) mkfifo.WaitForExit();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder.File("socket")));
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("pipe"));
        File.CreateSymbolicLink(_folder.File("device"), "/dev/zero");

        foreach (string name in new[] { "pipe", "socket", "link", "device" })
        {
            Assert.False(RegularFile.IsOne(_folder.File(name)), name);
            IOException e = Assert.ThrowsAny<IOException>(() => RegularFile.Open(_folder.File(name)));
            Assert.Equal("this is a pipe, a socket or a device, not a file", e.Message);
        }
    }

    [Fact]
    public void What_can_not_be_opened_is_left_to_its_reader()
    {
        File.CreateSymbolicLink(_folder.File("broken"), _folder.File("nowhere"));

        foreach (string name in new[] { "broken", "nowhere" })
        {
            Assert.True(RegularFile.IsOne(_folder.File(name)));
            Assert.Throws<FileNotFoundException>(() => RegularFile.Open(_folder.File(name)));
        }

        Assert.Throws<UnauthorizedAccessException>(() => RegularFile.Open(_folder.Path));
    }

    public void Dispose() => _folder.Dispose();
}
