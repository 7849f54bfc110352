using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>The decoder against a plain reference, with the window of 4096 that the golden checkpoint has and with one of 64, shorter than its prefixes.</summary>
public sealed class SlidingWindowTests : IDisposable
{
    private const int Window = 64;
    private const double LargestDifference = 0.03;
    private static readonly GoldenSet Golden = GoldenSet.Load("tiny-g2");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_plain_reference_gives_the_golden_logits()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath);
        PlainGemma2 plain = new(file);
        foreach (GoldenCase item in Golden.Cases)
        {
            double[] logits = plain.LogitsAfter(Rows(plain, item), item.PrefixLength, window: 4096);
            Assert.InRange(Difference(logits, Golden.Arrays.Floats($"case{item.Index}.prefix_logits")), 0, 0.002);
        }
    }

    [Fact]
    public async Task A_window_that_is_kept_hides_what_lies_behind_it()
    {
        string path = (await ConvertAsync(keepWindow: true)).TextPath;
        using GgufFile file = GgufFile.Open(path);
        Assert.Equal((uint)Window, file.Metadata.GetUInt32("gemma2.attention.sliding_window"));
        PlainGemma2 plain = new(file);
        using TextModel model = TextModel.Load(GgufFile.Open(path), TextModelLayout.Read(file), Models.OneThread with { GpuLayers = 0 }, NullLogger.Instance, progress: null, CancellationToken.None);
        using TextContext halfPrecision = new(model, new TextContextOptions(512, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        using TextContext context = new(model, new TextContextOptions(512, 1, 1, GgmlType.F32, Offload: false), NullLogger.Instance);
        foreach (GoldenCase item in Golden.Cases)
        {
            List<double[]> rows = Rows(plain, item);
            double[] expected = plain.LogitsAfter(rows, item.PrefixLength, Window);
            foreach (TextContext each in new[] { halfPrecision, context })
            {
                each.Remove(0);
                Assert.Equal(DecodeStatus.Done, each.DecodePrefix(Flat(rows), rows.Count, 0));
                Assert.InRange(Difference(expected, each.Logits(rows.Count - 1)), 0, LargestDifference);
            }

            // Without the window the logits are elsewhere, so the comparison above means something.
            Assert.InRange(Difference(expected, Golden.Arrays.Floats($"case{item.Index}.prefix_logits")), 1, 60);

            for (int step = 0; step < 2 && item.Index == 0; step++)
            {
                int token = Array.IndexOf(expected, expected.Max());
                rows.Add(plain.Embedding(token));
                Assert.Equal(DecodeStatus.Done, context.DecodeTokens([new SequenceToken(token, rows.Count - 1, 0)]));
                expected = plain.LogitsAfter(rows, item.PrefixLength, Window);
                Assert.InRange(Difference(expected, context.Logits(0)), 0, LargestDifference);
            }
        }
    }

    [Fact]
    public async Task By_default_the_conversion_ignores_the_window()
    {
        string path = (await ConvertAsync(keepWindow: false)).TextPath;
        using GgufFile file = GgufFile.Open(path);
        PlainGemma2 plain = new(file);
        using TextModel model = TextModel.Load(GgufFile.Open(path), TextModelLayout.Read(file), Models.OneThread with { GpuLayers = 0 }, NullLogger.Instance, progress: null, CancellationToken.None);
        using TextContext context = new(model, new TextContextOptions(512, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        GoldenCase item = Golden.Cases[1];
        List<double[]> rows = Rows(plain, item);
        context.DecodePrefix(Flat(rows), rows.Count, 0);
        Assert.InRange(Difference(plain.LogitsAfter(rows, item.PrefixLength, window: null), context.Logits(rows.Count - 1)), 0, LargestDifference);
    }

    private static List<double[]> Rows(PlainGemma2 plain, GoldenCase item)
    {
        float[] image = Golden.Arrays.Floats($"image{item.ImageIndex}.projector_out");
        int width = plain.Embedding(0).Length;
        return [.. image.Chunk(width).Select(row => row.Select(value => value / Math.Sqrt(width)).ToArray()), .. item.TextIds.Select(plain.Embedding)];
    }

    private static float[] Flat(IEnumerable<double[]> rows) => [.. rows.SelectMany(row => row).Select(value => (float)value)];

    private static double Difference(double[] expected, ReadOnlySpan<float> actual)
    {
        double largest = 0;
        for (int token = 0; token < expected.Length; token++) largest = Math.Max(largest, Math.Abs(expected[token] - actual[token]));
        return largest;
    }

    private Task<ConversionResult> ConvertAsync(bool keepWindow)
    {
        string source = Path.Combine(Golden.Folder, "model");
        foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, _folder.File(Path.GetFileName(file)));
        string config = File.ReadAllText(_folder.File("config.json"));
        Assert.Contains("\"sliding_window\": 4096", config, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("config.json"), config.Replace("\"sliding_window\": 4096", $"\"sliding_window\": {Window}"));
        return ConvertedModels.Get(_folder.Path, ModelFileType.F32, keepWindow);
    }
}
