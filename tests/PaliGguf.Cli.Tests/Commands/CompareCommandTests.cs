using System.Text.Json;
using PaliGguf.Cli.Tests.Processes;
using PaliGguf.Tests;

namespace PaliGguf.Cli.Tests.Commands;

/// <summary>"imatrix", "quantize" and "compare" as a user runs them one after the other, on two pictures.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private static readonly string Model = Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf");
    private static readonly string Vision = Path.Combine(Repository.PaliNano, "mmproj-pali-nano-Q8_0.gguf");
    private readonly TemporaryFolder _folder = new();
    private readonly string _pictures;

    public CompareCommandTests()
    {
        _pictures = Directory.CreateDirectory(_folder.File("pictures")).FullName;
        foreach (string name in new[] { "scene_01.png", "scene_02.png" }) File.Copy(Path.Combine(Repository.PaliNano, "samples", name), Path.Combine(_pictures, name));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_quantization_with_an_importance_matrix_is_gathered_made_and_compared()
    {
        string matrix = _folder.File("matrix.gguf"), quantized = _folder.File("nano-Q4_0.gguf");
        JsonElement gathered = (await RunAsync("imatrix", "--images", _pictures, "--prompt", "caption en", "--out", matrix, "--json")).Json();
        Assert.Equal(["path", "bytes", "matrices", "samples", "chunks"], Names(gathered));
        Assert.Equal(matrix, gathered.GetProperty("path").GetString());
        Assert.Equal(new FileInfo(matrix).Length, gathered.GetProperty("bytes").GetInt64());
        Assert.Equal(2, gathered.GetProperty("chunks").GetInt32());
        await RunAsync("quantize", Model, "q4_0", "--imatrix", matrix, "--out", quantized);

        JsonElement json = (await RunAsync("compare", Model, quantized, "--candidate-vision", Vision, "--images", _pictures, "--prompt", "caption en", "--prompt", "detect turtle", "--json")).Json();
        Assert.Equal(
            ["reference", "candidate", "positions", "divergence", "tokenAgreement", "answerAgreement", "probabilityChange", "boxIou", "answers"], Names(json));
        Assert.Equal(["mean", "median", "percentile99", "maximum"], Names(json.GetProperty("divergence")));
        Assert.Equal(["mean", "rootMeanSquare"], Names(json.GetProperty("probabilityChange")));
        Assert.InRange(json.GetProperty("divergence").GetProperty("mean").GetDouble(), 1e-6, 0.2);
        Assert.InRange(json.GetProperty("boxIou").GetDouble(), 0.5, 1);
        JsonElement[] answers = [.. json.GetProperty("answers").EnumerateArray()];
        Assert.Equal(4, answers.Length);
        Assert.All(answers, answer => Assert.Equal(
            ["image", "prompt", "reference", "candidate", "positions", "meanDivergence", "tokenAgreement", "boxIou"], Names(answer)));
        Assert.Equal(json.GetProperty("positions").GetInt32(), answers.Sum(answer => answer.GetProperty("positions").GetInt32()));
    }

    [Fact]
    public async Task A_model_compared_with_itself_is_the_same()
    {
        string output = (await RunAsync("compare", Repository.PaliNano, Model, "--images", _pictures, "--limit", "1", "--max-tokens", "4")).Output;
        Assert.Matches(@"KL divergence, mean +0\.00000 +nats, over \d+ tokens of 3 answers", output);
        Assert.Matches(@"same answer +100\.00 %", output);
        Assert.DoesNotContain("box IoU", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_matrix_is_added_and_a_file_of_prompts_read()
    {
        string first = _folder.File("first.gguf"), second = _folder.File("second.gguf");
        string prompts = _folder.Write("prompts.jsonl", """{"image": "scene_01.png", "prompt": "caption en"}"""u8);
        await RunAsync("imatrix", "--images", _pictures, "--prompts", prompts, "--out", first);
        Assert.Matches(@"second\.gguf +[0-9.]+ kB, \d+ matrices, 2 answers", (await RunAsync("imatrix", "--images", _pictures, "--prompts", prompts, "--add", first, "--out", second)).Output);
    }

    [Theory]
    [InlineData(2, "exclude each other", "compare", "a.gguf", "b.gguf", "--images", ".", "--prompt", "ocr", "--prompts", "p.txt")]
    [InlineData(2, "--limit 0", "compare", "a.gguf", "b.gguf", "--images", ".", "--limit", "0")]
    [InlineData(2, "--images", "compare", "a.gguf", "b.gguf")]
    [InlineData(1, "no pictures", "compare", "a.gguf", "b.gguf", "--images", ".")]
    [InlineData(2, "its folder does not exist", "imatrix", "--images", ".", "--out", "missing/m.gguf")]
    [InlineData(2, "--out", "imatrix", "--images", ".")]
    public async Task What_makes_no_sense_is_refused(int exitCode, string problem, params string[] arguments)
    {
        ProgramResult result = await BuiltProgram.RunAsync(arguments);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(problem, result.Error, StringComparison.Ordinal);
    }

    private static async Task<ProgramResult> RunAsync(params string[] arguments) => (await BuiltProgram.RunAsync(arguments)).Succeeded();

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(property => property.Name);
}
