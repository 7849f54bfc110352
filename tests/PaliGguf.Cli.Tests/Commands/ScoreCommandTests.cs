using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

/// <summary>"score" on files that other programs could have made.</summary>
public sealed class ScoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _predictions;
    private readonly string _references;

    public ScoreCommandTests()
    {
        _predictions = Write(
            "results.json", """[{"image_id": 1, "caption": "a cat on a mat"}, {"image_id": 2, "caption": "two dogs run"}]""");
        _references = Write(
            "captions.json",
            """
            {"annotations": [{"image_id": 1, "id": 1, "caption": "A cat on a mat."}, {"image_id": 2, "id": 2, "caption": "Two cats sit."}]}
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Captions_are_scored_as_COCO_does()
    {
        JsonElement json = (await BuiltProgram.RunAsync("score", _predictions, _references, "--task", "coco-captions", "--json")).Json();
        Assert.Equal(("coco-captions", 2), (json.GetProperty("task").GetString(), json.GetProperty("answers").GetInt32()));
        JsonElement[] metrics = [.. json.GetProperty("metrics").EnumerateArray()];
        Assert.Equal(["cider", "coco-bleu", "coco-rouge", "meteor"], metrics.Select(metric => metric.GetProperty("metric").GetString()));
        Assert.Equal(
            ["BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4"],
            metrics[1].GetProperty("values").EnumerateArray().Select(value => value.GetProperty("name").GetString()));
        // Six of eight words are right, and the lengths are the same.
        Assert.Equal(0.75, metrics[1].GetProperty("values")[0].GetProperty("value").GetDouble(), 6);
    }

    [Fact]
    public async Task A_table_is_printed_in_Markdown()
    {
        ProgramResult result = await BuiltProgram.RunAsync("score", _predictions, _references, "--metrics", "exact,rouge", "--markdown");
        Assert.StartsWith("| metric | 2 answers |\n|---|---|\n| exact match | 0.0000 |\n| ROUGE-1 | 0.6667 |\n", result.Output);
    }

    [Fact]
    public async Task Thai_captions_ask_for_a_list_of_words()
    {
        ProgramResult result = await BuiltProgram.RunAsync("score", _predictions, _references, "--task", "thai-captions");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("words_th.txt", result.Error);

        string words = Write("words.txt", "cat\n");
        ProgramResult scored = await BuiltProgram.RunAsync(
            "score", _predictions, _references, "--task", "thai-captions", "--thai-words", words, "--json");
        Assert.Equal(3, scored.Json().GetProperty("metrics").GetArrayLength());
    }

    [Fact]
    public async Task The_row_of_the_Thai_card_is_whole_where_a_BERT_is_named()
    {
        string bert = BertFolder.Random(1, words: ["A", "cat", "หมา", "นอน"]).Save(_folder.File("bert-base-multilingual-cased"));
        string file = (await BuiltProgram.RunAsync("convert", bert, "--out", _folder.File("out"), "--layer", "2", "--json")).Succeeded().Json()
            .GetProperty("path").GetString()!;
        string answers = Write("answers.jsonl", "{\"id\": 1, \"answer\": \"หมานอน\"}\n");
        string references = Write("references.jsonl", "{\"id\": 1, \"reference\": \"หมาหมานอน\"}\n");
        string words = Write("words.txt", "หมา\nนอน\n");

        JsonElement json = (await BuiltProgram.RunAsync(
            "score", answers, references, "--task", "thai-captions", "--thai-words", words, "--bert", file, "--json")).Succeeded().Json();

        Dictionary<string, double> values = json.GetProperty("metrics").EnumerateArray()
            .SelectMany(metric => metric.GetProperty("values").EnumerateArray())
            .ToDictionary(value => value.GetProperty("name").GetString()!, value => value.GetProperty("value").GetDouble());
        Assert.Equal(
            [
                "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "cumulative BLEU-1", "cumulative BLEU-2", "cumulative BLEU-3", "cumulative BLEU-4",
                "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum", "BERTScore precision", "BERTScore recall", "BERTScore F1", "METEOR",
            ],
            values.Keys);
        Assert.Equal(0.8, values["ROUGE-1"], 6);
        Assert.InRange(values["BERTScore F1"], 0.3, 0.99999);
    }

    [Theory]
    [InlineData("what to score is not said")]
    [InlineData("needs --bert FILE.gguf", "--metrics", "bertscore")]
    [InlineData("--bert is for the metric bertscore", "--metrics", "rouge", "--bert", "x.gguf")]
    [InlineData("need --bert FILE", "--metrics", "rouge", "--bert-idf")]
    [InlineData("no task 'coco'", "--task", "coco")]
    [InlineData("--metrics cidre", "--metrics", "cidre")]
    [InlineData("exclude each other", "--metrics", "rouge", "--thai", "icu", "--thai-words", "x")]
    [InlineData("expected 'icu'", "--metrics", "rouge", "--thai", "newmm")]
    [InlineData("exclude each other", "--metrics", "rouge", "--markdown", "--json")]
    public async Task What_is_not_understood_is_an_error_of_usage(string message, params string[] options)
    {
        ProgramResult result = await BuiltProgram.RunAsync(["score", _predictions, _references, .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error);
    }

    [Fact]
    public async Task A_malformed_file_is_an_error_with_its_line()
    {
        ProgramResult result = await BuiltProgram.RunAsync("score", Write("bad.jsonl", "{\"id\": 1}\n"), _references, "--metrics", "exact");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("bad.jsonl, line 1: there is no", result.Error);
        ProgramResult missing = await BuiltProgram.RunAsync(
            "score", Write("one.jsonl", "{\"id\": 1, \"answer\": \"a\"}\n"), _references, "--metrics", "exact");
        Assert.Contains("--partial", missing.Error);
    }

    private string Write(string name, string text)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, text);
        return path;
    }
}
