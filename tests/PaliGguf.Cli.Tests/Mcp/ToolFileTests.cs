using System.Diagnostics;
using PaliGguf.Cli.Tests.Processes;

namespace PaliGguf.Cli.Tests.Mcp;

/// <summary>Which files a client may have read, and that the server lives on after each that it may not.</summary>
public sealed class ToolFileTests(ServedSamples served) : IClassFixture<ServedSamples>, IAsyncLifetime
{
    private const string Elsewhere = "is not within what this server may read";
    private readonly ToolClient _client = served.Client;

    public Task InitializeAsync() => Task.CompletedTask;

    // After whatever the test did.
    public async Task DisposeAsync() => Assert.Equal("a turtle on an orange background", await CaptionAsync("scene_01.png"));

    [Fact]
    public async Task A_path_is_relative_to_the_first_folder_or_absolute_in_any()
    {
        Assert.Equal("a turtle on an orange background", await CaptionAsync("./../samples/scene_01.png"));
        File.Copy(BuiltProgram.Sample, served.Folder.File("copy.png"));
        Assert.Equal("a turtle on an orange background", await CaptionAsync(served.Folder.File("copy.png")));
    }

    [Fact]
    public async Task A_path_may_be_a_file_URI()
    {
        File.Copy(BuiltProgram.Sample, served.Folder.File("a copy#1.png"));
        string uri = new Uri(served.Folder.File("a copy#1.png")).AbsoluteUri;
        Assert.Contains("a%20copy%231.png", uri);
        Assert.Equal("a turtle on an orange background", await CaptionAsync(uri));
        Assert.Equal("a turtle on an orange background",
            await CaptionAsync(uri.Replace("file://", "FILE://localhost", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("file:///etc/passwd", "is not within what this server may read")]
    [InlineData("file:///etc/passwd%00.png", "a character that no path has")]
    [InlineData("file://server/share/picture.png", "on another computer")]
    [InlineData("https://example.com/photo.jpg", "addresses are not fetched")]
    public async Task A_URI_that_leads_elsewhere(string uri, string expected) => Assert.Contains(expected, await FailAsync(uri));

    [Theory]
    [InlineData("../goldens.json")]
    [InlineData("../samples-of-another/picture.png")]
    [InlineData("../../../README.md")]
    [InlineData("/etc/passwd")]
    [InlineData("/nowhere/at/all.png")]
    [InlineData("..")]
    [InlineData("/")]
    public async Task A_path_that_leads_elsewhere(string path) => Assert.Contains($"{path} {Elsewhere}", await FailAsync(path));

    [Fact]
    public async Task The_folder_itself_is_told_to_be_one()
    {
        string told = await FailAsync(".");
        Assert.Contains("folder", told);
        Assert.DoesNotContain(Elsewhere, told);
    }

    [Fact]
    public async Task A_folder_that_only_begins_like_an_allowed_one()
    {
        string sibling = Directory.CreateDirectory(served.Folder.Path + "-2").FullName;
        File.Copy(BuiltProgram.Sample, Path.Combine(sibling, "picture.png"));
        Assert.Contains(Elsewhere, await FailAsync(Path.Combine(sibling, "picture.png")));
        Directory.Delete(sibling, recursive: true);
    }

    [Fact]
    public async Task Links_that_lead_out()
    {
        File.Copy(BuiltProgram.Sample, served.Outside.File("picture.png"));
        foreach ((string link, string target, string path) in new[]
        {
            ("file", served.Outside.File("picture.png"), "file"),
            ("folder", served.Outside.Path, "folder/picture.png"),
            ("relative", Path.Combine("..", Path.GetFileName(served.Outside.Path)), "relative/picture.png"),
            ("twice", served.Folder.File("folder"), "twice/picture.png"),
        })
        {
            File.CreateSymbolicLink(served.Folder.File(link), target);
            string message = await FailAsync(served.Folder.File(path));
            Assert.Contains(Elsewhere, message);
            Assert.DoesNotContain(served.Outside.Path, message);
        }
    }

    [Fact]
    public async Task Links_that_stay_inside()
    {
        string inner = Directory.CreateDirectory(served.Folder.File("inner")).FullName;
        File.Copy(BuiltProgram.Sample, Path.Combine(inner, "picture.png"));
        File.CreateSymbolicLink(served.Folder.File("alias"), "inner");
        File.CreateSymbolicLink(served.Folder.File("alias.png"), Path.Combine("alias", "..", "inner", "picture.png"));
        Assert.Equal("a turtle on an orange background", await CaptionAsync(served.Folder.File("alias/picture.png")));
        Assert.Equal("a turtle on an orange background", await CaptionAsync(served.Folder.File("alias.png")));
    }

    [Fact]
    public async Task Links_that_go_round()
    {
        File.CreateSymbolicLink(served.Folder.File("there"), served.Folder.File("back"));
        File.CreateSymbolicLink(served.Folder.File("back"), served.Folder.File("there"));
        Assert.Contains("go round in a circle", await FailAsync(served.Folder.File("there")));
    }

    [Fact]
    public async Task A_file_that_is_not_there() => Assert.Contains("nowhere.png: there is no such file", await FailAsync("nowhere.png"));

    [Fact]
    public async Task A_folder()
    {
        Directory.CreateDirectory(served.Folder.File("pictures"));
        Assert.Contains("this is a folder", await FailAsync(served.Folder.File("pictures")));
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to()
    {
        if (OperatingSystem.IsWindows()) return;
        using Process mkfifo = Process.Start("mkfifo", served.Folder.File("pipe.png"));
        await mkfifo.WaitForExitAsync();
        Assert.Contains("this is a pipe, a socket or a device", await FailAsync(served.Folder.File("pipe.png")));
    }

    [Theory]
    [InlineData("notes.txt", "Nothing to see here.", "this is text")]
    [InlineData("empty.png", "", "the file is empty")]
    [InlineData("a\u0000b.png", null, "a character that no path has")]
    [InlineData("", null, "The path is empty")]
    public async Task A_file_that_is_no_picture(string name, string? content, string expected)
    {
        if (content is not null) name = served.Folder.Write(name, System.Text.Encoding.UTF8.GetBytes(content));
        Assert.Contains(expected, await FailAsync(name));
    }

    [Fact]
    public async Task A_picture_that_is_cut_off() =>
        Assert.Contains("cut.png: ", await FailAsync(served.Folder.Write("cut.png", (await File.ReadAllBytesAsync(BuiltProgram.Sample)).AsSpan(0, 3000))));

    [Fact]
    public async Task A_picture_bomb()
    {
        byte[] bomb = PngBytes.Black(30_000, 30_000);
        Assert.Contains("30000 x 30000", await FailAsync(served.Folder.Write("bomb.png", bomb)));
        Assert.Contains("30000 x 30000", await _client.ErrorAsync("caption_image", ("image", Convert.ToBase64String(bomb))));
    }

    [Fact]
    public async Task A_file_that_is_too_long()
    {
        string path = served.Folder.File("long.png");
        await using (FileStream file = File.Create(path)) file.SetLength(300L << 20);
        Assert.Contains("more bytes than the limit", await FailAsync(path));
    }

    private Task<string> CaptionAsync(string path) => _client.TextAsync("caption_image", ("path", path));

    private Task<string> FailAsync(string path) => _client.ErrorAsync("caption_image", ("path", path));
}
