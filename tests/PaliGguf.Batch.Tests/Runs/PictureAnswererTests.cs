using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Language;
using PaliGguf.Tasks;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Runs;

public sealed class PictureAnswererTests : IDisposable
{
    private const int Sequences = 3;

    private static readonly Question Caption = Question.OfTask("caption"), Turtle = Question.OfTask("detect turtle ; banana"),
        Ocr = Question.OfPrompt("ocr");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_questions_about_a_picture_are_answered_as_alone_and_the_tower_looks_once()
    {
        await using PaliModel model = await LoadAsync(questions: 3);
        ItemAnswer[] answers = await AnswerAsync(model, [Scene(1), Scene(2), Scene(3), Scene(4), Scene(5)], Caption, Turtle, Ocr);
        Assert.Equal(["1", "2", "3", "4", "5"], answers.Select(answer => answer.Id));
        Assert.All(answers, answer => Assert.Equal(1, answer.Looks));
        foreach (ItemAnswer answer in answers)
        {
            Assert.Empty(answer.Failures);
            Assert.Equal(["caption", "detect turtle ; banana", null], answer.Answers.Select(line => line.Task));
            RgbImage picture = await Scene(int.Parse(answer.Id)).Picture.LoadAsync();
            Assert.Equal(await model.CaptionAsync(picture), answer.Answers[0].Answer.GetProperty("text").GetString());
            DetectionResult found = await model.DetectAsync(picture, ["turtle", "banana"]);
            JsonElement[] boxes = [.. answer.Answers[1].Answer.GetProperty("detections").EnumerateArray()];
            Assert.Equal(found.Detections.Select(one => one.Label), boxes.Select(box => box.GetProperty("label").GetString()));
            foreach ((Detection expected, JsonElement box) in found.Detections.Zip(boxes))
                Assert.Equal(expected.Box.XMin, box.GetProperty("box")[0].GetDouble(), 0);
            Assert.False(answer.Answers[0].Answer.TryGetProperty("timings", out _));
            Assert.False(answer.Answers[0].Answer.TryGetProperty("logprobs", out _));
        }
    }

    [Fact]
    public async Task What_a_picture_asks_itself_is_asked_instead()
    {
        await using PaliModel model = await LoadAsync(questions: 1);
        ItemAnswer answer = Assert.Single(
            await AnswerAsync(model, [Scene(1) with { Questions = [Question.OfPrompt("answer en is there a turtle?")] }], Caption));
        Assert.Equal("yes", Assert.Single(answer.Answers).Answer.GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_can_not_be_answered_fails_with_its_reason_and_the_others_are_answered()
    {
        await using PaliModel model = await LoadAsync(questions: 2);
        WorkItem missing = new("gone", new PictureFile(_folder.File("gone.png")));
        WorkItem tooLong = Scene(2) with { Questions = [Caption, Question.OfPrompt(string.Concat(Enumerable.Repeat("many words ", 900)))] };
        ItemAnswer[] answers =
            await AnswerAsync(model, [missing, WorkItem.Broken("line 7", "list, line 7", "it is no JSON."), tooLong, Scene(1)], Caption);
        Assert.Contains("gone.png", Assert.Single(answers[0].Failures).Error);
        Assert.Null(answers[0].Failures[0].Prompt);
        Assert.Equal("it is no JSON.", Assert.Single(answers[1].Failures).Error);
        Assert.Single(answers[2].Answers);
        Assert.Contains("prefix", Assert.Single(answers[2].Failures).Error);
        Assert.Empty(answers[3].Failures);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_a_picture_fails_and_nobody_waits_for_it()
    {
        if (OperatingSystem.IsWindows()) return;
        using (System.Diagnostics.Process mkfifo = System.Diagnostics.Process.Start("mkfifo", [_folder.File("pipe.png")]))
        {
            await mkfifo.WaitForExitAsync();
        }

        await using PaliModel model = await LoadAsync(questions: 1);
        ItemAnswer[] answers =
            await AnswerAsync(model, [new WorkItem("pipe", new PictureFile(_folder.File("pipe.png"))), Scene(1)], Caption);
        Assert.Contains("this is a pipe", Assert.Single(answers[0].Failures).Error);
        Assert.Empty(answers[1].Failures);
    }

    [Fact]
    public async Task A_model_that_changes_ends_the_batch_and_is_no_failure_of_pictures()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
            File.Copy(file, _folder.File(Path.GetFileName(file)));
        await using PaliModel model = await PaliModel.LoadAsync(_folder.Path, new ModelOptions { Threads = 1 });
        string text = model.Info.TextPath;
        File.SetLastWriteTimeUtc(text, File.GetLastWriteTimeUtc(text).AddSeconds(9));
        await Assert.ThrowsAsync<ModelChangedException>(() => AnswerAsync(model, [Scene(1)], Caption));
    }

    internal static WorkItem Scene(int number) =>
        new(number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            new PictureFile(Path.Combine(Repository.PaliNano, "samples", $"scene_{number:00}.png")));

    private static Task<PaliModel> LoadAsync(int questions) => PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions
    {
        Threads = 1,
        Sequences = Sequences,
        SoftTokenCacheBytes = PictureAnswerer.CacheFor(questions, Sequences, 1 << 20),
    });

    private static async Task<ItemAnswer[]> AnswerAsync(PaliModel model, WorkItem[] items, params Question[] questions)
    {
        PictureAnswerer answerer = new(model, new AnswerOptions(questions)
        {
            Sequences = Sequences,
            Request = new GenerationRequest { Prompt = "", MaxTokens = 64 },
        });
        return await answerer.AnswerAsync(items.ToAsyncEnumerable()).ToArrayAsync();
    }
}
