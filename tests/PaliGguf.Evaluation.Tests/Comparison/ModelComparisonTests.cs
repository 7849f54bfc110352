using PaliGguf.Conversion;
using PaliGguf.Evaluation.Comparison;
using PaliGguf.Evaluation.Samples;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Comparison;

public sealed class ModelComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_agrees_with_itself_wholly()
    {
        ComparisonReport report = await CompareAsync(ModelFileType.Q8_0, ModelFileType.Q8_0);
        Assert.Equal(new DivergenceSummary(0, 0, 0, 0), report.Divergence);
        Assert.Equal(1, report.TokenAgreement);
        Assert.Equal(1, report.AnswerAgreement);
        Assert.Equal(0, report.RootMeanSquareProbabilityChange);
        Assert.Equal(1, report.BoxOverlap!.Value, 1e-6);
        Assert.Equal(Scenes.Samples(1, 2), report.Samples.Select(sample => new EvaluationSample(sample.Picture, sample.Prompt)));
        Assert.Equal(report.Positions, report.Samples.Sum(sample => sample.Positions));
    }

    [Fact]
    public async Task Eight_bits_lose_a_little()
    {
        ComparisonReport report = await CompareAsync(ModelFileType.F32, ModelFileType.Q8_0);
        Assert.InRange(report.Divergence.Mean, 1e-7, 1e-2);
        Assert.InRange(report.Divergence.Median, 1e-9, report.Divergence.Percentile99);
        Assert.InRange(report.Divergence.Percentile99, report.Divergence.Mean, report.Divergence.Maximum);
        Assert.InRange(report.TokenAgreement, 0.9, 1);
        Assert.InRange(report.AnswerAgreement, 0.6, 1);
        Assert.InRange(report.BoxOverlap!.Value, 0.8, 1);
        Assert.InRange(report.RootMeanSquareProbabilityChange, 1e-6, 0.1);
    }

    [Fact]
    public async Task The_figures_are_those_of_the_logits_themselves()
    {
        ConversionResult reference = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        ConversionResult candidate = await ConvertedModels.Golden("tiny-g2", ModelFileType.Q8_0);
        EvaluationSample sample = new(Path.Combine(Repository.Golden("tiny-g2"), "image0.png"), "caption en");
        ComparisonReport report = await ModelComparison.RunAsync(Options(reference, candidate, [sample]) with { MaxTokens = 6 });

        using PaliModel one = await PaliModel.LoadAsync(reference.TextPath, Models.OneThread);
        using PaliModel other = await PaliModel.LoadAsync(candidate.TextPath, Models.OneThread);
        GenerationRequest request = new() { Images = [ImageFile.Load(sample.Picture)], Prompt = sample.Prompt, MaxTokens = 6 };
        List<double[]> ps = [], qs = [];
        AnswerTrace answer = await one.TraceAsync(request, null, (_, logits) => ps.Add(Softmax(logits[..one.Info.AnswerTokens])));
        await other.TraceAsync(request, answer.Tokens, (_, logits) => qs.Add(Softmax(logits[..one.Info.AnswerTokens])));
        double[] divergences = [.. ps.Zip(qs, (p, q) => p.Zip(q, (a, b) => a > 0 ? a * Math.Log(a / b) : 0).Sum())];
        Assert.Equal(divergences.Length, report.Positions);
        Assert.Equal(divergences.Average(), report.Divergence.Mean, 1e-9);
        Assert.Equal(divergences.Max(), report.Divergence.Maximum, 1e-9);
        Assert.True(report.Divergence.Mean > 0);
        Assert.Equal(qs.Select((q, index) => Array.IndexOf(q, q.Max()) == answer.Tokens[index] ? 1.0 : 0).Average(), report.TokenAgreement);
        Assert.Equal(ps.Zip(qs).Select((pair, index) => pair.Second[answer.Tokens[index]] - pair.First[answer.Tokens[index]]).Average(), report.MeanProbabilityChange, 1e-9);
        Assert.Null(report.BoxOverlap);
        Assert.Equal(answer.Text, report.Samples[0].ReferenceAnswer);
        Assert.Equal((await other.GenerateAsync(request).Result).Text, report.Samples[0].CandidateAnswer);
    }

    [Fact]
    public async Task Models_of_different_architectures_or_vocabularies_are_not_compared()
    {
        ConversionResult nano = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        ConversionResult tiny = await ConvertedModels.Golden("tiny-g1", ModelFileType.F32);
        ConversionResult other = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        PaliException architecture = await Assert.ThrowsAsync<PaliException>(() => ModelComparison.RunAsync(Options(nano, tiny, Scenes.Samples(1))));
        Assert.Contains("its architecture is gemma, not gemma2", architecture.Message, StringComparison.Ordinal);
        PaliException vocabulary = await Assert.ThrowsAsync<PaliException>(() => ModelComparison.RunAsync(Options(nano, other, Scenes.Samples(1))));
        Assert.Contains("its vocabulary has", vocabulary.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_is_missing_is_named_and_no_file_remains()
    {
        ConversionResult nano = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        ImageException error = await Assert.ThrowsAsync<ImageException>(() => ModelComparison.RunAsync(Options(nano, nano, [.. Scenes.Samples(1), new EvaluationSample("none.png", "ocr")])));
        Assert.Contains("none.png", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public async Task Cancelling_ends_it_and_no_file_remains()
    {
        ConversionResult nano = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        using CancellationTokenSource stop = new();
        StopAt progress = new(stop, "leading the candidate, 2");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ModelComparison.RunAsync(Options(nano, nano, Scenes.Samples(1)), progress, stop.Token));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    private async Task<ComparisonReport> CompareAsync(ModelFileType reference, ModelFileType candidate) => await ModelComparison.RunAsync(
        Options(await ConvertedModels.PaliNano(reference), await ConvertedModels.PaliNano(candidate), Scenes.Samples(1, 2)));

    private ComparisonOptions Options(ConversionResult reference, ConversionResult candidate, IReadOnlyList<EvaluationSample> samples) => new()
    {
        Reference = reference.TextPath,
        ReferenceOptions = Models.OneThread,
        Candidate = candidate.TextPath,
        CandidateOptions = Models.OneThread,
        Samples = samples,
        TemporaryFolder = _folder.Path,
    };

    private static double[] Softmax(ReadOnlySpan<float> logits)
    {
        double[] weights = Array.ConvertAll(logits.ToArray(), logit => Math.Exp((double)logit));
        double sum = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / sum);
    }

    private sealed class StopAt(CancellationTokenSource stop, string stage) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value)
        {
            Assert.InRange(value.Fraction, 0, 1);
            if (value.Stage.StartsWith(stage, StringComparison.Ordinal)) stop.Cancel();
        }
    }
}
