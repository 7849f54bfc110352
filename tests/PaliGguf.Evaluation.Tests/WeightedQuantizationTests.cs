using PaliGguf.Conversion;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation.Comparison;
using PaliGguf.Tests;
using Xunit.Abstractions;

namespace PaliGguf.Evaluation.Tests;

/// <summary>The whole way: gather on some scenes, quantize, compare on others.</summary>
public sealed class WeightedQuantizationTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_four_bits_and_below_an_importance_matrix_brings_the_answers_closer()
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.F32);
        ImportanceMatrix matrix = await ImportanceGathering.RunAsync(new ImportanceOptions
        {
            Model = pair.TextPath,
            ModelOptions = Models.OneThread,
            Samples = Scenes.Samples(Enumerable.Range(1, 6)),
            MaxTokens = 64,
            Dataset = "scenes 1 to 6",
        });
        string importance = _folder.File("importance.gguf");
        matrix.Write(importance);
        foreach (ModelFileType type in (ModelFileType[])[ModelFileType.Q2_K, ModelFileType.Q3_K_S, ModelFileType.Q4_0])
        {
            double plain = await DivergenceAsync(pair, type, importance: null);
            double weighted = await DivergenceAsync(pair, type, importance);
            output.WriteLine($"{type}: {plain:F5} without, {weighted:F5} with an importance matrix.");
            Assert.InRange(weighted, 1e-6, plain);
        }
    }

    private async Task<double> DivergenceAsync(ConversionResult pair, ModelFileType type, string? importance)
    {
        string candidate = _folder.File($"nano-{type}-{importance is not null}.gguf");
        await ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = pair.TextPath, Type = type, Output = candidate, ImportanceMatrix = importance });
        ComparisonReport report = await ModelComparison.RunAsync(new ComparisonOptions
        {
            Reference = pair.TextPath,
            ReferenceOptions = Models.OneThread,
            Candidate = candidate,
            CandidateOptions = Models.OneThread with { VisionPath = pair.VisionPath },
            Samples = Scenes.Samples(Enumerable.Range(7, 6)),
            MaxTokens = 64,
        });
        return report.Divergence.Mean;
    }
}
