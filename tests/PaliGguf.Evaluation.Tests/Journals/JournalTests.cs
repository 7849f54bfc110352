using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Journals;

public sealed class JournalTests : IDisposable
{
    private static readonly JournalHeader Header = new(
        "coco-captions", "data/valid", new JournalModel("nano", "0123", "4567"), [new JournalAdapter("thai", 0.5f, "89ab")],
        new Dictionary<string, string> { ["max-tokens"] = "64", ["prompt"] = "caption en" });

    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("run.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again()
    {
        JournalEntry answer = new("1", "caption th")
        {
            Answer = "แมว \"สอง\"\nตัว",
            Tokens = 7,
            LogProbability = -0.25,
            Cut = true,
            Milliseconds = new JournalTimes(1.5, 2, 3),
            Picture = new PictureSize(448, 300),
            Scores = [0.5, 1],
        };
        JournalEntry failure = new("2", "caption th") { Failure = "no such file" };
        Write(Header, answer, failure);

        Journal journal = Journal.Read(Path);
        Assert.Empty(journal.Header.Differences(Header));
        Assert.Equivalent(answer, journal.Entries["1"], strict: true);
        Assert.Equivalent(failure, journal.Entries["2"], strict: true);
        Assert.Equal(["1"], journal.Answers().Keys);
        Assert.Equal(new PictureSize(448, 300), journal.Answers()["1"].Picture);
        Assert.Contains("แมว", File.ReadAllText(Path));
        Assert.Equal(3, File.ReadAllLines(Path).Length);
        Assert.True(Journal.IsOne(Path));
    }

    [Fact]
    public void A_run_continues_where_it_stopped()
    {
        Write(Header, Answer("1"), Answer("2"));
        using (JournalWriter writer = JournalWriter.Open(Path, Header))
        {
            Assert.Equal(["1", "2"], writer.Earlier!.Entries.Keys.Order());
            writer.Append(Answer("3"));
        }

        Assert.Equal(["1", "2", "3"], Journal.Read(Path).Entries.Keys.Order());
    }

    [Fact]
    public void Wherever_a_writer_is_killed_its_whole_lines_stay_and_the_rest_is_repaired()
    {
        Write(Header, Answer("1"), Answer("2"));
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            int lines = whole[..length].Count(value => value == '\n');
            if (lines > 0) Assert.Equal(lines - 1, Journal.Read(Path).Entries.Count);
            using (JournalWriter writer = JournalWriter.Open(Path, Header))
            {
                Assert.Equal(Math.Max(0, lines - 1), writer.Earlier?.Entries.Count ?? 0);
                writer.Append(Answer("3"));
            }

            Assert.Equal(Math.Max(0, lines - 1) + 1, Journal.Read(Path).Entries.Count);
        }
    }

    [Fact]
    public void Answers_that_are_made_otherwise_do_not_go_into_it()
    {
        Write(Header, Answer("1"));
        byte[] before = File.ReadAllBytes(Path);
        string message = Assert.Throws<PaliException>(() => JournalWriter.Open(Path, Header with
        {
            Task = "vqav2",
            Model = Header.Model with { Text = "ffff" },
            Adapters = [],
            Options = new Dictionary<string, string> { ["max-tokens"] = "32", ["prompt"] = "caption en", ["beams"] = "3" },
        })).Message;
        Assert.Contains("task: coco-captions there, vqav2 now", message);
        Assert.Contains("model: nano (0123) there, nano (ffff) now", message);
        Assert.Contains("adapter thai: scale 0.5 (89ab) there, not set now", message);
        Assert.Contains("--max-tokens: 64 there, 32 now", message);
        Assert.Contains("--beams: not set there, 3 now", message);
        Assert.DoesNotContain("prompt", message);
        Assert.DoesNotContain("vision", message);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_moved_data_set_is_the_same()
    {
        Write(Header, Answer("1"));
        JournalWriter.Open(Path, Header with { Dataset = "elsewhere" }).Dispose();
    }

    [Fact]
    public void It_has_one_writer_at_a_time()
    {
        using JournalWriter writer = JournalWriter.Open(Path, Header);
        Assert.Contains("another process", Assert.Throws<PaliException>(() => JournalWriter.Open(Path, Header)).Message);
    }

    [Fact]
    public void A_failure_may_be_followed_by_an_answer_and_an_answer_by_nothing()
    {
        Write(Header, new JournalEntry("1", "p") { Failure = "f" }, Answer("1"));
        Assert.False(Journal.Read(Path).Entries["1"].Failed);
        Write(Header, Answer("1"));
        Assert.Contains("line 4: there is an answer to '1' already", Assert.Throws<PaliException>(() => Journal.Read(Path)).Message);
    }

    [Theory]
    [InlineData("[]\n", "line 1: it is no line of an evaluation's journal")]
    [InlineData("{\"journal\":1}\n", "line 1")]
    [InlineData(
        "{\"journal\":1,\"task\":\"t\",\"dataset\":\"d\",\"model\":{\"name\":\"n\",\"text\":\"1\",\"vision\":\"2\"},\"adapters\":[null],\"options\":{}}\n",
        "line 1: an adapter or an option is null")]
    [InlineData("[{\"image_id\": 1, \"caption\": \"a\"}]", "it is no journal")]
    [InlineData("HEADER{\"id\":\"1\",\"prompt\":\"p\",\"answer\":\"a\"}\nnothing\n", "line 3: it is no line")]
    [InlineData("HEADER{\"id\":\"1\",\"prompt\":\"p\"}\n", "line 2: expected an answer or a failure")]
    [InlineData("HEADER{\"id\":\"1\",\"prompt\":\"p\",\"answer\":\"a\",\"failure\":\"f\"}\n", "line 2: expected an answer or a failure")]
    [InlineData("HEADER{\"id\":null,\"prompt\":\"p\",\"answer\":\"a\"}\n", "line 2")]
    [InlineData("HEADER{\"id\":\"1\",\"prompt\":\"p\",\"answer\":\"\\ud800\"}\n", "line 2")]
    [InlineData("HEADERnull\n", "line 2")]
    [InlineData("NEWER", "its form has the version 2")]
    public void Anything_else_is_an_error_and_stays_as_it_is(string text, string message)
    {
        JournalWriter.Open(Path, Header).Dispose();
        string header = File.ReadAllText(Path);
        text = text.Replace("HEADER", header).Replace("NEWER", header.Replace("{\"journal\":1", "{\"journal\":2"));
        File.WriteAllText(Path, text);
        Assert.Contains(message, Assert.Throws<PaliException>(() => Journal.Read(Path)).Message);
        Assert.Contains(message, Assert.Throws<PaliException>(() => JournalWriter.Open(Path, Header)).Message);
        Assert.Equal(text, File.ReadAllText(Path));
    }

    [Fact]
    public void A_folder_or_nothing_is_an_error()
    {
        Assert.Contains("can not be read", Assert.Throws<PaliException>(() => Journal.Read(Path)).Message);
        Directory.CreateDirectory(Path);
        Assert.Throws<PaliException>(() => Journal.Read(Path));
        Assert.Throws<PaliException>(() => JournalWriter.Open(Path, Header));
        Assert.False(Journal.IsOne(Path));
        Assert.Throws<PaliException>(() => JournalWriter.Open(System.IO.Path.Combine(Path, "none", "run.jsonl"), Header));
    }

    [Fact]
    public void Files_are_told_apart_by_what_is_in_them()
    {
        byte[] bytes = new byte[5 << 20];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(Path, bytes);
        string one = FileFingerprint.Of(Path);
        File.WriteAllBytes(_folder.File("copy"), bytes);
        Assert.Equal(one, FileFingerprint.Of(_folder.File("copy")));
        bytes[^1]++;
        File.WriteAllBytes(_folder.File("copy"), bytes);
        Assert.NotEqual(one, FileFingerprint.Of(_folder.File("copy")));
        File.WriteAllBytes(_folder.File("copy"), bytes[..^1]);
        Assert.NotEqual(one, FileFingerprint.Of(_folder.File("copy")));
        File.WriteAllBytes(_folder.File("copy"), []);
        Assert.Equal(16, FileFingerprint.Of(_folder.File("copy")).Length);
        Assert.Throws<PaliException>(() => FileFingerprint.Of(_folder.File("none")));
    }

    private static JournalEntry Answer(string id) => new(id, "p") { Answer = $"answer {id}" };

    private void Write(JournalHeader header, params JournalEntry[] entries)
    {
        using JournalWriter writer = JournalWriter.Open(Path, header);
        foreach (JournalEntry entry in entries) writer.Append(entry);
    }
}
