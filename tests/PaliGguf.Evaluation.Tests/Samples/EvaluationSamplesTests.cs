using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Samples;
using PaliGguf.Imaging;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Samples;

public sealed class EvaluationSamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EvaluationSamplesTests()
    {
        foreach (string name in new[] { "b10.png", "b2.jpg", "notes.txt" }) _folder.Write(name, []);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_picture_has_all_prompts_one_after_the_other() => Assert.Equal(
        [("b2.jpg", "caption en"), ("b2.jpg", "ocr"), ("b10.png", "caption en"), ("b10.png", "ocr")],
        Show(EvaluationSamples.FromFolder(_folder.Path, ["caption en", "ocr"])));

    [Fact]
    public void Lines_of_a_file_are_prompts_for_every_picture() => Assert.Equal(
        [("b2.jpg", "caption en"), ("b2.jpg", "detect a ; b"), ("b10.png", "caption en"), ("b10.png", "detect a ; b")],
        Show(Read("\ncaption en\r\n  \ndetect a ; b")));

    [Fact]
    public void Json_lines_are_samples_which_are_put_together_by_picture() => Assert.Equal(
        [("x.png", "ocr"), ("x.png", "เขียน"), ("y.png", "ocr")],
        Show(Read("""
            {"image": "x.png", "prompt": "ocr"}
            {"image": "y.png", "prompt": "ocr", "more": 1}

            {"prompt": "เขียน", "image": "x.png"}
            """)));

    [Fact]
    public void The_limit_counts_pictures()
    {
        IReadOnlyList<EvaluationSample> samples = EvaluationSamples.FromFolder(_folder.Path, ["caption en", "ocr"]);
        Assert.Equal(samples.Take(2), EvaluationSamples.Limit(samples, 1));
        Assert.Equal(samples, EvaluationSamples.Limit(samples, 2));
        Assert.Equal(samples, EvaluationSamples.Limit(samples, 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => EvaluationSamples.Limit(samples, 0));
    }

    [Fact]
    public void A_folder_without_pictures_and_a_list_without_prompts_are_errors()
    {
        Assert.Throws<ImageException>(() => EvaluationSamples.FromFolder(_folder.File("none"), ["ocr"]));
        Assert.Throws<ArgumentException>(() => EvaluationSamples.FromFolder(_folder.Path, []));
        Assert.Throws<ArgumentException>(() => EvaluationSamples.FromFolder(_folder.Path, [" "]));
    }

    [Theory]
    [InlineData("", "no prompt")]
    [InlineData(" \n\n", "no prompt")]
    [InlineData("\n{\"image\": \"a.png\"}", "line 2")]
    [InlineData("{\"image\": \"a.png\", \"prompt\": 3}", "'prompt'")]
    [InlineData("{\"image\": \"\", \"prompt\": \"ocr\"}", "'image'")]
    [InlineData("{\"image\": \"a\\u0000b\", \"prompt\": \"ocr\"}", "'image'")]
    [InlineData("{\"image\": \"a.png\", \"prompt\": \"ocr\"}\ncaption en", "line 2")]
    [InlineData("{\"image\": \"a.png\", \"prompt\": \"\\ud800\"}", "line 1")]
    [InlineData("{", "line 1")]
    public void A_malformed_file_is_refused_with_the_line(string content, string problem)
    {
        PaliException error = Assert.Throws<PaliException>(() => Read(content));
        Assert.Contains("prompts.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_that_is_missing_is_an_error() =>
        Assert.Contains("none.txt", Assert.Throws<PaliException>(() => EvaluationSamples.FromFile(_folder.Path, _folder.File("none.txt"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Any_text_is_read_or_refused() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
    {
        try
        {
            return Read("{" + text).Count > 0;
        }
        catch (PaliException e)
        {
            return !e.Message.Contains('\n');
        }
    }).QuickCheckThrowOnFailure();

    private IReadOnlyList<EvaluationSample> Read(string content)
    {
        File.WriteAllText(_folder.File("prompts.txt"), content);
        return EvaluationSamples.FromFile(_folder.Path, _folder.File("prompts.txt"));
    }

    private static IEnumerable<(string Picture, string Prompt)> Show(IEnumerable<EvaluationSample> samples) =>
        samples.Select(sample => (Path.GetFileName(sample.Picture), sample.Prompt));
}
