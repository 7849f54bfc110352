using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>What becomes of a running model whose file is changed by another process.</summary>
public sealed class ChangedModelFileTests : IDisposable
{
    private static readonly NanoAnswer Question = PaliNanoGoldens.Load().First(golden => !golden.HasBoxes);
    private readonly TemporaryFolder _folder = new();
    private readonly string _text;
    private readonly string _vision;

    public ChangedModelFileTests()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        _vision = Directory.GetFiles(_folder.Path, "mmproj-*").Single();
        _text = Directory.GetFiles(_folder.Path).Single(file => file != _vision);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shortened_file_is_refused_by_each_request(bool mapped)
    {
        if (OperatingSystem.IsWindows()) return; // It does not shorten what is mapped.
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread with { MemoryMap = mapped });
        await AskAsync(model);
        Shorten(_text);

        for (int request = 0; request < 2; request++)
        {
            Assert.Contains("100000 now", await RefusalAsync(model, _text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_file_written_to_is_refused()
    {
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        File.SetLastWriteTimeUtc(_text, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Assert.Contains("2030-01-02 03:04:05", await RefusalAsync(model, _text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_file_in_its_place_is_no_harm()
    {
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        string before = await AskAsync(model);
        if (OperatingSystem.IsWindows()) return; // It does not replace what is open.
        File.WriteAllText(_folder.File("new"), "no model");
        File.Move(_folder.File("new"), _text, overwrite: true);
        Assert.Equal(before, await AskAsync(model));
    }

    [Fact]
    public async Task The_file_of_a_tower_that_is_read_again_must_be_the_same()
    {
        await using PaliModel model =
            await PaliModel.LoadAsync(_text, Models.OneThread with { Vision = VisionPlacement.Staged, SoftTokenCacheBytes = 0 });
        await AskAsync(model);
        File.SetLastWriteTimeUtc(_vision, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        Assert.Contains("2030-01-02 03:04:05", await RefusalAsync(model, _vision), StringComparison.Ordinal);
    }

    // As another program would: .NET respects the lock of the one that has it open.
    private static void Shorten(string path)
    {
        using System.Diagnostics.Process truncate = System.Diagnostics.Process.Start("truncate", ["-s", "100000", path]);
        truncate.WaitForExit();
        Assert.Equal(0, truncate.ExitCode);
    }

    private static async Task<string> RefusalAsync(PaliModel model, string path)
    {
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => AskAsync(model));
        Assert.Equal(path, refusal.Path);
        Assert.EndsWith("load the model again.", refusal.Message, StringComparison.Ordinal);
        return refusal.Problem;
    }

    private static async Task<string> AskAsync(PaliModel model) =>
        (await model.GenerateAsync(
            new GenerationRequest { Images = [ImageFile.Load(Question.Image)], Prompt = Question.Prompt }).Result).Text;
}
