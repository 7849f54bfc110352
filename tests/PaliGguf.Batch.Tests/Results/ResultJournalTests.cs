using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Tests.Journals;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Results;

public sealed class ResultJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ResultPaths Paths => new(_folder.File("out.jsonl"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_holds_the_answer_with_its_picture_and_what_was_asked()
    {
        Write(Answer("ภาพ.jpg"), Failure("b.jpg"));
        Assert.Equal("{\"id\":\"ภาพ.jpg\",\"source\":\"/p/ภาพ.jpg\",\"task\":\"caption\",\"prompt\":\"caption "
            + "en\",\"answer\":{\"text\":\"about ภาพ.jpg\"}}\n", File.ReadAllText(Paths.Lines));
        Assert.Equal("{\"id\":\"b.jpg\",\"source\":\"/p/b.jpg\",\"error\":\"no picture\"}\n", File.ReadAllText(Paths.Failures));
    }

    [Fact]
    public void Wherever_the_files_break_off_whole_items_stay_and_the_rest_is_written_again()
    {
        Write(Answer("a"), Failure("b"), Answer("c"));
        (byte[] lines, byte[] failures, byte[] journal) =
            (File.ReadAllBytes(Paths.Lines), File.ReadAllBytes(Paths.Failures), File.ReadAllBytes(Paths.Journal));
        int start = journal.AsSpan().IndexOf((byte)'\n') + 1;

        // The order of writing is lines, failures, record: what is later is never there without what is earlier.
        int[] lineEnds = [.. lines.Select((value, i) => (value, i)).Where(pair => pair.value == '\n').Select(pair => pair.i + 1)];
        foreach ((int line, int failure, int record, int done) in Moments(lineEnds, failures.Length))
        {
            File.WriteAllBytes(Paths.Lines, lines[..line]);
            File.WriteAllBytes(Paths.Failures, failures[..failure]);
            File.WriteAllBytes(Paths.Journal, journal[..(start + record)]);
            Write([.. new[] { Answer("a"), Failure("b"), Answer("c") }.Skip(done)]);
            Assert.Equal(lines, File.ReadAllBytes(Paths.Lines));
            Assert.Equal(failures, File.ReadAllBytes(Paths.Failures));
        }
    }

    [Fact]
    public void What_the_disk_had_not_yet_when_the_power_failed_is_written_again()
    {
        Write(Answer("a"), Answer("b"));
        byte[] lines = File.ReadAllBytes(Paths.Lines);
        int end = lines.AsSpan().IndexOf((byte)'\n') + 1;
        Assert.Equal(2, lines.Count(value => value == '\n'));
        // The file has its length, and its last blocks were never written.
        File.WriteAllBytes(Paths.Lines, [.. lines[..end], .. new byte[lines.Length - end]]);
        using (ResultJournal open = ResultJournal.Open(Paths, JournalFileTests.Facts)) Assert.Equal(end, new FileInfo(Paths.Lines).Length);
        Write(Answer("b"));
        Assert.Equal(lines, File.ReadAllBytes(Paths.Lines));
    }

    [Fact]
    public void Results_that_were_cut_after_they_were_safe_are_not_thrown_away_in_silence()
    {
        Write(sync: true, Answer("a"), Answer("b"));
        File.WriteAllBytes(Paths.Lines, File.ReadAllBytes(Paths.Lines)[..^1]);
        Assert.Contains("something has cut it", Assert.Throws<PaliException>(() => Write()).Message);
    }

    [Fact]
    public void A_file_that_is_no_result_of_a_batch_is_not_overwritten()
    {
        File.WriteAllText(Paths.Lines, "mine\n");
        Assert.Contains("no journal of a batch beside it", Assert.Throws<PaliException>(() => Write(Answer("a"))).Message);
        Assert.Equal("mine\n", File.ReadAllText(Paths.Lines));
    }

    [Fact]
    public void What_was_asked_again_leaves_the_failures_even_if_the_process_ends_in_between()
    {
        Write(sync: true, Failure("a"), Failure("b"));
        using (ResultJournal results = ResultJournal.Open(Paths, JournalFileTests.Facts))
        {
            results.Append(Answer("a"), again: true);
            results.Append(Failure("b"), again: true);
            Assert.Equal(3, Lines(Paths.Failures).Length);
        }

        byte[] before = File.ReadAllBytes(Paths.Journal);
        using (ResultJournal results = ResultJournal.Open(Paths, JournalFileTests.Facts)) results.ClearFailures();
        Assert.Equal(["b"], Lines(Paths.Failures).Select(Id));
        Assert.Equal(["a"], Lines(Paths.Lines).Select(Id));

        // Killed when the new file had its name, and the journal did not know it: it was synced before.
        byte[] after = File.ReadAllBytes(Paths.Journal);
        File.WriteAllBytes(Paths.Journal, after[..(before.Length + 36)]);
        Write(Answer("c"));
        Assert.Equal(["b"], Lines(Paths.Failures).Select(Id));
        Assert.Equal(["a", "c"], Lines(Paths.Lines).Select(Id));
    }

    internal static ItemAnswer Answer(string id)
    {
        JsonElement answer = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["text"] = $"about {id}" });
        return new ItemAnswer(id, [new AnswerLine(id, $"/p/{id}", "caption en", answer) { Task = "caption" }], []);
    }

    internal static ItemAnswer Failure(string id) => new(id, [], [new FailureLine(id, $"/p/{id}", "no picture")]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Failures_that_somebody_has_removed_are_gone_and_nothing_is_written_in_their_place(bool goesOn)
    {
        Write(sync: true, Answer("a"), Failure("b"));
        byte[] lines = File.ReadAllBytes(Paths.Lines);
        if (goesOn) Write(Answer("c"));
        File.Delete(Paths.Failures);
        Write();
        Assert.False(File.Exists(Paths.Failures) && new FileInfo(Paths.Failures).Length > 0);
        Assert.Equal(lines, File.ReadAllBytes(Paths.Lines));
    }

    private static IEnumerable<(int Line, int Failure, int Record, int Done)> Moments(int[] lineEnds, int failures)
    {
        for (int line = 0; line <= lineEnds[0]; line++) yield return (line, 0, 0, 0);
        for (int record = 0; record <= 36; record++) yield return (lineEnds[0], 0, record, record / 36);
        for (int failure = 0; failure <= failures; failure++) yield return (lineEnds[0], failure, 36, 1);
        for (int record = 36; record <= 72; record++) yield return (lineEnds[0], failures, record, record / 36);
        for (int line = lineEnds[0]; line <= lineEnds[1]; line++) yield return (line, failures, 72, 2);
        for (int record = 72; record <= 108; record++) yield return (lineEnds[1], failures, record, record / 36);
    }

    private static string[] Lines(string path) => File.ReadAllLines(path);

    private static string? Id(string line) => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString();

    private void Write(params ItemAnswer[] answers) => Write(sync: false, answers);

    private void Write(bool sync, params ItemAnswer[] answers)
    {
        using ResultJournal results = ResultJournal.Open(Paths, JournalFileTests.Facts);
        foreach (ItemAnswer answer in answers) results.Append(answer);
        if (sync) results.Sync();
    }
}
