using PaliGguf.Batch.Journals;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Journals;

public sealed class JournalFileTests : IDisposable
{
    internal static readonly JournalHeader Facts =
        new("batch", "pictures", new JournalModel("nano", "1", "2"), [], new Dictionary<string,
            string> { ["task"] = "caption", ["max-tokens"] = "256" });

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("journal");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_come_back_as_they_were_written_however_many()
    {
        JournalRecord[] records = [.. Enumerable.Range(0, 9000).Select(Record)];
        Write(records);
        Assert.Equal(records, Read());
    }

    [Fact]
    public void The_last_record_does_not_count_wherever_it_breaks_off()
    {
        Write(Record(0), Record(1));
        byte[] whole = File.ReadAllBytes(Path);
        for (int missing = 1; missing <= JournalRecord.Length; missing++)
        {
            File.WriteAllBytes(Path, whole[..^missing]);
            Assert.Equal([Record(0)], Read());
            Write(Record(2));
            Assert.Equal([Record(0), Record(2)], Read());
        }
    }

    [Fact]
    public void Damage_of_the_last_record_is_cut_off_and_before_others_is_an_error()
    {
        Write(Record(0), Record(1), Record(2));
        byte[] whole = File.ReadAllBytes(Path);
        for (int i = 1; i <= JournalRecord.Length; i++)
        {
            byte[] last = [.. whole], middle = [.. whole];
            last[^i] ^= 1;
            middle[^(i + JournalRecord.Length)] ^= 1;
            File.WriteAllBytes(Path, last);
            Assert.Equal([Record(0), Record(1)], Read());
            File.WriteAllBytes(Path, middle);
            Assert.Contains("record 2 of 3 is damaged", Assert.Throws<PaliException>(Read).Message);
        }
    }

    [Fact]
    public void A_file_that_ends_before_it_begins_is_damage()
    {
        Write(Record(0), Record(1) with { ResultsEnd = -1 }, Record(2));
        Assert.Contains("record 2 of 3 is damaged", Assert.Throws<PaliException>(Read).Message);
    }

    [Fact]
    public void A_beginning_that_breaks_off_begins_anew()
    {
        Write(Record(0));
        byte[] whole = File.ReadAllBytes(Path);
        foreach (int length in (int[])[0, 1, 9, 40])
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.Empty(Read());
        }
    }

    [Fact]
    public void Two_do_not_write_one_journal()
    {
        using JournalFile first = JournalFile.Open(Path, Facts);
        Assert.Contains("another process writes it", Assert.Throws<PaliException>(Read).Message);
    }

    [Fact]
    public void Answers_that_were_made_otherwise_are_refused_with_what_differs()
    {
        Write(Record(0));
        JournalHeader other = Facts with
        {
            Model = new JournalModel("nano", "9", "2"),
            Options = new Dictionary<string, string> { ["task"] = "ocr", ["max-tokens"] = "256" },
        };
        string message = Assert.Throws<PaliException>(() => JournalFile.Open(Path, other)).Message;
        Assert.Contains("(--task: caption there, ocr now; model: nano (1) there, nano (9) now)", message);
        Assert.Equal([Record(0)], Read());
    }

    [Theory]
    [InlineData("{\"id\":\"somebody's results\"}\n")]
    [InlineData("{\"batch\":1}\n")]
    [InlineData("{\"batch\":1,\"facts\":null}\n")]
    [InlineData("{\"batch\":1,oops}\n")]
    [InlineData("plain")]
    public void Other_files_are_refused_and_stay(string content)
    {
        File.WriteAllText(Path, content);
        Assert.Contains("it is no journal of a batch", Assert.Throws<PaliException>(Read).Message);
        Assert.Equal(content, File.ReadAllText(Path));
    }

    private static JournalRecord Record(int number) =>
        new(new ItemKey((ulong)number * 977), number * 100L, number * 7L, (uint)number, number % 2 == 0 ? RecordKinds.None
        : RecordKinds.Failed);

    private void Write(params JournalRecord[] records)
    {
        using JournalFile journal = JournalFile.Open(Path, Facts);
        foreach (JournalRecord record in records) journal.Append(record);
    }

    private JournalRecord[] Read()
    {
        using JournalFile journal = JournalFile.Open(Path, Facts);
        return [.. journal.Records()];
    }
}
