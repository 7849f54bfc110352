using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_clone_left_in_the_place_of_a_file_is_told_as_such()
    {
        string path = _folder.File("words.txt");
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1\noid sha256:" + new string('0', 64) + "\nsize 12345\n");
        string message = Assert.Throws<PaliException>(() => InputFile.Open(path)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        Assert.Contains("Git LFS", message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_is_missing_or_too_long_is_told_with_its_name()
    {
        string path = _folder.File("words.txt");
        Assert.Equal($"{path}: the list can not be read: there is no such file", Message(() => InputFile.ReadAll(path, "the list", longest: 3)));
        File.WriteAllText(path, "four");
        Assert.Equal($"{path}: the list has 4 bytes, more than the 3 that it may have.", Message(() => InputFile.ReadAll(path, "the list", longest: 3)));
        Assert.Equal("four", InputFile.ReadText(path, "the list", longest: 4));
    }

    private static string Message(Action read) => Assert.Throws<PaliException>(read).Message;
}
