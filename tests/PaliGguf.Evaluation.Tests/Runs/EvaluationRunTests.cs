using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Language;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Runs;

public sealed class EvaluationRunTests : IDisposable
{
    private static readonly EvaluationTask Text = EvaluationTask.Find("text");

    private static readonly JournalHeader Header =
        new("text", "scenes", new JournalModel("nano", "1", "2"), [], new Dictionary<string, string>());

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Answers_are_as_alone_and_in_the_order_of_the_items()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { Sequences = 3, GpuLayers = 0 });
        EvaluationItem[] items = [.. Items("caption en", 1, 2, 3, 4), .. Items("caption th", 4), .. Items("detect turtle", 1)];
        using (JournalWriter journal = JournalWriter.Open(Path, Header))
        {
            EvaluationRun first = new(Text, items[..2], Prompt, journal);
            Assert.Equal(2, (await AnswerAsync(first, model)).Count);
        }

        using (JournalWriter journal = JournalWriter.Open(Path, Header))
        {
            EvaluationRun rest = new(Text, items, Prompt, journal);
            Assert.Equal(items[..2].Select(item => item.Id), rest.Done.Select(entry => entry.Id));
            Assert.Equal(items[2..].Select(item => item.Id), (await AnswerAsync(rest, model)).Select(entry => entry.Id));
        }

        foreach (EvaluationItem item in items)
        {
            JournalEntry entry = Journal.Read(Path).Entries[item.Id];
            GenerationResult alone = await model.GenerateAsync(
                new GenerationRequest { Images = [await item.Picture.LoadAsync()], Prompt = item.Prompt! }).Result;
            Assert.Equal(alone.Text, entry.Answer);
            Assert.Equal(alone.Tokens.Count, entry.Tokens);
            Assert.Equal(alone.LogProbabilities.Sum(value => (double)value), entry.LogProbability, 2);
            Assert.Equal(new PictureSize(448, 448), entry.Picture);
        }
    }

    [Fact]
    public async Task What_fails_is_noted_and_asked_again_if_wanted()
    {
        await using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, new ModelOptions { Sequences = 2, GpuLayers = 0 });
        string picture = _folder.File("late.png");
        EvaluationItem missing = Items("caption en", 1)[0] with { Picture = new PictureFile(picture) };
        EvaluationItem[] items = [missing, .. Items("caption en", 2)];
        using (JournalWriter journal = JournalWriter.Open(Path, Header))
        {
            IReadOnlyList<JournalEntry> entries = await AnswerAsync(new EvaluationRun(Text, items, Prompt, journal), model);
            Assert.Contains("no such file", entries[0].Failure);
            Assert.False(entries[1].Failed);
        }

        File.Copy(System.IO.Path.Combine(Repository.PaliNano, "samples", "scene_01.png"), picture);
        using (JournalWriter journal = JournalWriter.Open(Path, Header))
        {
            Assert.Empty(new EvaluationRun(Text, items, Prompt, journal).OpenPrompts);
            EvaluationRun again = new(Text, items, Prompt, journal, again: true);
            Assert.False(Assert.Single(await AnswerAsync(again, model)).Failed);
        }

        Assert.All(Journal.Read(Path).Entries.Values, entry => Assert.False(entry.Failed));
    }

    [Fact]
    public void An_answer_to_another_prompt_is_an_error()
    {
        using (JournalWriter journal = JournalWriter.Open(Path, Header)) journal.Append(new JournalEntry("1 caption en", "cap en") { Answer = "a" });
        using JournalWriter next = JournalWriter.Open(Path, Header);
        Assert.Contains(
            "'1 caption en' is to 'cap en', and the data set asks 'caption en'",
            Assert.Throws<PaliException>(() => new EvaluationRun(Text, Items("caption en", 1), Prompt, next)).Message);
    }

    [Fact]
    public void A_sample_holds_smaller_ones_of_the_same_seed()
    {
        EvaluationItem[] items = Items("caption en", [.. Enumerable.Range(1, 100)]);
        Assert.Equal(items[..10], ItemSelection.Take(items, 10));
        Assert.Same(items, ItemSelection.Take(items, 100, seed: 1));
        IReadOnlyList<EvaluationItem> ten = ItemSelection.Take(items, 10, seed: 1);
        IReadOnlyList<EvaluationItem> fifty = ItemSelection.Take(items, 50, seed: 1);
        Assert.Equal((10, 50), (ten.Distinct().Count(), fifty.Distinct().Count()));
        Assert.Empty(ten.Except(fifty));
        Assert.NotEqual(items[..10], ten);
        Assert.Equal(fifty, fifty.OrderBy(item => Array.IndexOf(items, item)));
        Assert.NotEqual(ten, ItemSelection.Take(items, 10, seed: 2));
    }

    private static string Prompt(EvaluationItem item) => item.Prompt!;

    private static EvaluationItem[] Items(string prompt, params int[] scenes) =>
        [.. scenes.Select(scene => new EvaluationItem(
            new ExpectedAnswer($"{scene} {prompt}", ["a"]),
            new PictureFile(System.IO.Path.Combine(Repository.PaliNano, "samples", $"scene_{scene:D2}.png")), "here") { Prompt = prompt })];

    private static async Task<IReadOnlyList<JournalEntry>> AnswerAsync(EvaluationRun run, PaliModel model)
    {
        List<JournalEntry> entries = [];
        await foreach (JournalEntry entry in run.AnswerAsync(model, new GenerationRequest { Prompt = "" })) entries.Add(entry);
        return entries;
    }
}
