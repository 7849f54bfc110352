using PaliGguf.Conversion;

namespace PaliGguf.Tests;

public sealed class MismatchedPairTests
{
    [Fact]
    public async Task A_vision_model_given_as_text_is_explained()
    {
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        Assert.Contains("this is a vision model", await ProblemAsync(pair.VisionPath, pair.VisionPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_model_given_as_vision_is_explained()
    {
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        Assert.Contains("this is a text model", await ProblemAsync(pair.TextPath, pair.TextPath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Halves_of_different_widths_are_refused_with_both_widths()
    {
        using TemporaryFolder folder = new();
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string wide = new GgufEdits().WithTensor("mm.0.weight", GgmlType.F32, 144, 512).WithTensor("mm.0.bias", GgmlType.F32, 512).Write(pair.VisionPath, folder.File("mmproj-wide.gguf"));
        string problem = await ProblemAsync(pair.TextPath, wide);
        Assert.Contains("a width of 512", problem, StringComparison.Ordinal);
        Assert.Contains("has 256: the two are not of one checkpoint", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_GGUF_file_is_refused()
    {
        using TemporaryFolder folder = new();
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string page = folder.Write("page.gguf", "<!DOCTYPE html><html><body>Not found</body></html>"u8);
        string empty = folder.Write("empty.gguf", []);
        foreach (string bad in new[] { page, empty })
        {
            await ProblemAsync(bad, pair.VisionPath);
            await ProblemAsync(pair.TextPath, bad);
        }
    }

    private static async Task<string> ProblemAsync(string text, string vision)
    {
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = vision }));
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Problem;
    }
}
