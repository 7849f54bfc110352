using System.Text;
using System.Text.Json;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Datasets;

public sealed class DatasetFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.jsonl", "{\"n\": 1}\n\n{\"n\": 2}\r\n{\"n\": 3}")]
    [InlineData("a.ndjson", "\uFEFF{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n")]
    [InlineData("a.json", "[{\"n\": 1}, {\"n\": 2},\n{\"n\": 3}]")]
    [InlineData(
        "a.json",
        "\uFEFF{\"i\": {\"data\": [{\"n\": 9}]}, \"o\": [[{\"n\": 8}]], \"data\": [{\"n\": 1}, {\"n\": 2}], \"more\": [{\"n\": 3}]}")]
    public void Items_come_from_lines_arrays_and_arrays_of_an_object(string name, string text) =>
        Assert.Equal([1, 2, 3], DatasetFile.Read(Write(name, text), "data", "more").Select(item => item.Value.GetProperty("n").GetInt32()));

    [Fact]
    public void An_item_knows_its_line_and_its_array()
    {
        DatasetItem item = DatasetFile.Read(Write("a.json", "{\n\"data\":\n[\n {\"n\": 1},\n\n {\"n\":\n2}]}"), "data").Last();
        Assert.Equal((6, "data"), (item.Line, item.Array));
        Assert.Equal(4, DatasetFile.Read(Write("a.jsonl", "\n\n\n{}"), "data").Single().Line);
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.jsonl")]
    public void Items_of_any_length_are_read_whole(string name)
    {
        Random random = new(5);
        string[] texts =
            [.. Enumerable.Range(0, 200).Select(i => string.Concat(Enumerable.Repeat("ก\n\"", random.Next(i % 10 == 0 ? 50_000 : 900))))];
        string[] items = [.. texts.Select(text => JsonSerializer.Serialize(new Dictionary<string, string> { ["t"] = text }))];
        bool lines = name.EndsWith('l');
        string path = Write(name, lines ? string.Join('\n', items) : "{\"x\": [1, 2], \"data\": [" + string.Join(",\n", items) + "]}");
        Assert.Equal(texts, DatasetFile.Read(path, "data").Select(item => item.Value.GetProperty("t").GetString()));
        Assert.Equal(Enumerable.Range(1, 200).Select(line => (long)line), DatasetFile.Read(path, "data").Select(item => item.Line));
    }

    [Theory]
    [InlineData("a.jsonl", "{}\n{\"n\": }\n", "line 2: it is no JSON")]
    [InlineData("a.jsonl", "{}\n{\"n\": \"\\ud83d\"}\n", "line 2: it holds text that is not Unicode")]
    [InlineData("a.json", "[{},\n{\"\\udc00\": 1}]", "line 2: it holds text that is not Unicode")]
    [InlineData("a.jsonl", "{}\n[1]\n", "line 2: expected an object")]
    [InlineData("a.json", "[{},\n3]", "line 2: expected an object")]
    [InlineData("a.json", "[{},\n{", "line 2: it is no JSON")]
    [InlineData("a.json", "[{}]\n]", "line 2: it is no JSON")]
    [InlineData("a.json", "", "line 1: it is no JSON")]
    [InlineData("a.json", "{\"other\": [{}]}", "expected an array, or an object with 'data' or 'more'")]
    [InlineData("a.json", "{\"data\": {\"n\": 1}}", "expected an array, or an object with 'data' or 'more'")]
    [InlineData("a.json", "7", "expected an array")]
    public void What_is_malformed_is_an_error_with_its_line(string name, string text, string message)
    {
        string path = Write(name, text);
        string error = Assert.Throws<PaliException>(() => DatasetFile.Read(path, "data", "more").Count()).Message;
        Assert.StartsWith(path, error);
        Assert.Contains(message, error);
    }

    [Theory]
    [InlineData("a.jsonl", "{}\n")]
    [InlineData("a.json", "[{},\n")]
    public void An_item_that_is_too_large_is_an_error_and_not_read(string name, string start)
    {
        string path = _folder.File(name);
        byte[] piece = Encoding.UTF8.GetBytes(new string('a', 1 << 20));
        using (FileStream file = File.Create(path))
        {
            file.Write(Encoding.UTF8.GetBytes(start + "{\"t\": \""));
            for (int i = 0; i < 70; i++) file.Write(piece);
        }

        string error = Assert.Throws<PaliException>(() => DatasetFile.Read(path).Count()).Message;
        Assert.Contains("line 2: one item has more than 64 MiB", error);
    }

    [Fact]
    public void Whoever_is_told_of_broken_lines_gets_beyond_one_that_is_too_large()
    {
        string path = _folder.File("a.jsonl");
        using (StreamWriter file = new(path))
        {
            for (int i = 0; i < 66; i++) file.Write(new string('a', 1 << 20));
            file.Write("\n{\"t\": 1}\n");
            for (int i = 0; i < 66; i++) file.Write(new string('b', 1 << 20));
        }

        List<string> broken = [];
        DatasetItem item = DatasetFile.Read(path, failure => broken.Add(failure.Message)).Single();
        Assert.Equal(2, item.Line);
        Assert.Equal([$"{path}, line 1: one item has more than 64 MiB.", $"{path}, line 3: one item has more than 64 MiB."], broken);
    }

    [Fact]
    public void Nesting_without_an_end_is_an_error() =>
        Assert.Throws<PaliException>(() => DatasetFile.Read(Write("a.json", new string('[', 100_000)), "data").Count());

    [Fact]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.Contains("can not be read", Assert.Throws<PaliException>(() => DatasetFile.Read(_folder.File("none.json")).Count()).Message);

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
