using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests.Gguf;

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
        await Writer.Shortening(_text, 100000).HasWrittenAsync();

        for (int request = 0; request < 2; request++)
        {
            Assert.Contains("100000 now", await RefusalAsync(model, _text), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Whoever_would_empty_the_file_in_the_middle_of_a_request_waits_for_its_end()
    {
        if (!Writer.CanBeKeptWaiting(_text)) return;
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        IReadOnlyList<int> before = (await model.TraceAsync(Request, null, (_, _) => { })).Tokens;
        Writer? writer = null;
        AnswerTrace trace = await model.TraceAsync(Request, null, (position, _) =>
        {
            if (position != 0) return;
            writer = Writer.Emptying(_text);
            // Begins once the other program waits; the weights of all further tokens are read after it.
            SpinWait.SpinUntil(() => !model.IsUnchanged);
        });
        Assert.Equal(before, trace.Tokens);
        await writer!.HasWrittenAsync();
        Assert.Equal(0, new FileInfo(_text).Length);
        Assert.Contains("and has 0 now", await RefusalAsync(model, _text), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_writes_between_requests_does_not_wait()
    {
        if (!Writer.CanBeKeptWaiting(_text)) return;
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        await AskAsync(model);
        await Writer.Emptying(_text).HasWrittenAsync();
        Assert.False(model.IsUnchanged);
    }

    [Fact]
    public async Task While_another_program_has_the_file_open_for_writing_requests_are_refused()
    {
        if (!Writer.CanBeKeptWaiting(_text)) return;
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        string before = await AskAsync(model);
        using (Writer writer = Writer.Opening(_text))
        {
            await writer.HasOpenedAsync();
            Assert.False(model.IsUnchanged);
            Assert.Contains("another program", await RefusalAsync(model, _text), StringComparison.Ordinal);
        }

        Assert.True(SpinWait.SpinUntil(() => model.IsUnchanged, TimeSpan.FromSeconds(30)));
        Assert.Equal(before, await AskAsync(model));
    }

    [Fact]
    public async Task Requests_that_keep_a_writer_waiting_for_too_long_are_ended_with_the_reason()
    {
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        string before = await AskAsync(model);
        ModelChangedException reason = ModelChangedException.BeingWritten(_text);
        Task<AnswerTrace> trace = model.TraceAsync(Request, null, (_, _) => model.EndRequests(reason));
        Assert.Same(reason, await Assert.ThrowsAsync<ModelChangedException>(() => trace));
        Assert.Equal(before, await AskAsync(model));
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

    [Fact]
    public async Task The_file_of_a_mask_decoder_that_is_read_late_must_be_the_same()
    {
        await using PaliModel model = await PaliModel.LoadAsync(_text, Models.OneThread);
        File.SetLastWriteTimeUtc(_vision, new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        ModelChangedException refusal = await Assert.ThrowsAsync<ModelChangedException>(
            () => model.SegmentAsync(ImageFile.Load(Question.Image), ["turtle"]));
        Assert.Equal(_vision, refusal.Path);
    }

    private static async Task<string> RefusalAsync(PaliModel model, string path)
    {
        ModelChangedException refusal = await Assert.ThrowsAsync<ModelChangedException>(() => AskAsync(model));
        Assert.Equal(path, refusal.Path);
        Assert.EndsWith("load the model again.", refusal.Message, StringComparison.Ordinal);
        return refusal.Problem;
    }

    private static GenerationRequest Request => new() { Images = [ImageFile.Load(Question.Image)], Prompt = Question.Prompt };

    private static async Task<string> AskAsync(PaliModel model) => (await model.GenerateAsync(Request).Result).Text;
}
