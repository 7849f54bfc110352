using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Terminals;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// The measuring process: one side, once. It reads a <see cref="BenchJob"/> from standard input and writes to standard output, a line for each thing that it begins and a
/// <see cref="BenchSample"/> at the end. It ends with its standard input, so it does not outlive who started it.
/// </summary>
internal sealed class BenchMeasurement(Terminal terminal, ModelLoader loader, ILoggerFactory loggers)
{
    /// <summary>The length of a caption.</summary>
    public const int CaptionTokens = 12;

    // A picture takes milliseconds, of which one alone says little.
    private const int PictureReadings = 9;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(BenchSide side, CancellationToken cancellationToken)
    {
        string line = await terminal.ReadLineAsync(cancellationToken) ?? throw new UsageException("there is no job on standard input.");
        BenchJob job = JsonSerializer.Deserialize(line, BenchmarksJson.Default.BenchJob)
            ?? throw new UsageException("the job on standard input is null.");
        _ = terminal.ReadLineAsync(CancellationToken.None).ContinueWith(static _ => ProcessExit.Now(ExitCode.Interrupted), TaskScheduler.Default);
        terminal.WriteJson(await MeasureAsync(side, job, cancellationToken), BenchmarksJson.Default.BenchSample);
        return ExitCode.Success;
    }

    private async Task<BenchSample> MeasureAsync(BenchSide side, BenchJob job, CancellationToken cancellationToken)
    {
        GenerationRequest caption = new() { Prompt = job.Prompt, MaxTokens = LongestCaption(job.Tokens), IgnoreEos = true };
        ModelOptions options = Options(side, job, job.TextTokens);
        string? stays = job.Cold ? PageCache.Drop([job.TextPath, job.VisionPath]) : null;
        if (stays is not null) throw new IOException($"{stays}.");
        if (!job.Cold) PageCache.Fill([job.TextPath, job.VisionPath], cancellationToken);

        Begin("loading");
        long start = Stopwatch.GetTimestamp();
        BenchedModel model;
        BenchSample sample;
        await using (PaliModel loaded = await PaliModel.LoadAsync(job.TextPath, options, progress: null, cancellationToken))
        {
            double loadMs = Milliseconds(start);
            Begin("first caption");
            TimedCaption first = await CaptionAsync(loaded, caption with { MaxTokens = CaptionTokens }, job.Picture, cancellationToken);
            model = Describe(loaded.Info, first.Answer);
            sample = new BenchSample(model, loadMs, first.TotalMs, Warm: null);
            if (job.Cold) return sample;

            Begin("caption");
            TimedCaption second = await CaptionAsync(loaded, caption, job.Picture, cancellationToken);
            GenerationTimings timings = second.Answer.Timings;
            sample = sample with
            {
                Warm = new Figures
                {
                    VisionMs = timings.Vision.TotalMilliseconds,
                    PrefixTokensPerSecond = second.Answer.PrefixTokens / timings.Prefix.TotalSeconds,
                    DecodeTokensPerSecond = job.Sequences.ToDictionary(Key, _ => second.RateOf(job.Tokens)),
                    CaptionMs = second.TotalMs,
                    LoadMs = loadMs,
                    PeakMemoryBytes = PeakMemory.Read(),
                    DecodeResizeMs = Figures.Median([.. Enumerable.Range(0, PictureReadings).Select(_ => PictureMs(job.Picture, model.ImageSize))]),
                    FirstCaptionMs = first.TotalMs,
                },
            };
            double? right = await RightAnswersAsync(loaded, job.Questions, cancellationToken);
            sample = sample with { Warm = sample.Warm with { RightAnswers = right } };
        }

        return side == BenchSide.Baseline
            ? sample with { Warm = sample.Warm with { VisionPlainMs = await PlainTowerAsync(options, model.Threads, job, cancellationToken) } }
            : sample with { Warm = sample.Warm with { DecodeTokensPerSecond = await DecodeAsync(sample.Warm, job, caption, cancellationToken) } };
    }

    /// <summary>How many tokens a caption gets, over some of which a rate is taken.</summary>
    public static int LongestCaption(int tokens) => Math.Max(CaptionTokens, 1 + tokens);

    private ModelOptions Options(BenchSide side, BenchJob job, long textTokens)
    {
        ModelOptions options = loader.Options(images: 1, textTokens) with { VisionPath = job.VisionPath, SoftTokenCacheBytes = 0 };
        return side == BenchSide.Baseline ? options with { RepackTower = false, Products = MatrixProducts.Library, LibraryVocabulary = true, Attention = VisionAttention.Flash } : options;
    }

    private static async Task<TimedCaption> CaptionAsync(PaliModel model, GenerationRequest request, byte[] picture, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimedAnswer answer = new(model.GenerateAsync(request with { Images = [Read(picture, model.Info.ImageSize)] }, cancellationToken));
        GenerationResult result = await answer.Result;
        cancellationToken.ThrowIfCancellationRequested();
        await answer.ReachedAsync(request.MaxTokens, cancellationToken);
        return new TimedCaption(result, answer, Stopwatch.GetElapsedTime(start, answer.TimeOf(CaptionTokens - 1)).TotalMilliseconds);
    }

    /// <summary>How many answers are the reference's, token for token up to the end of sequence.</summary>
    private async Task<double?> RightAnswersAsync(
        PaliModel model, IReadOnlyList<BenchQuestion> questions, CancellationToken cancellationToken)
    {
        if (questions.Count == 0) return null;
        Begin("reference answers");
        int right = 0;
        foreach (BenchQuestion question in questions)
        {
            RgbImage image = ImageFile.Load(question.Picture, cancellationToken: cancellationToken);
            GenerationRequest request = new() { Prompt = question.Prompt, Images = [image], MaxTokens = question.Answer.Count + 1 };
            GenerationResult answer = await model.GenerateAsync(request, cancellationToken).Result;
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.FinishReason == FinishReason.Stop && answer.Tokens.SequenceEqual(question.Answer)) right++;
        }

        return right;
    }

    /// <summary>The rates of more than one request side by side: a model that is loaded for them takes more memory, so it is loaded apart.</summary>
    private async Task<IReadOnlyDictionary<string, double>> DecodeAsync(Figures warm, BenchJob job, GenerationRequest caption, CancellationToken cancellationToken)
    {
        int[] several = [.. job.Sequences.Where(count => count > 1)];
        if (several.Length == 0) return warm.DecodeTokensPerSecond;
        int longest = SideBySide.LongestAnswer(several, job.Tokens);
        Begin($"loading for {several[^1]} requests side by side");
        ModelOptions alone = Options(BenchSide.PaliGguf, job, ModelLoader.MostTokens(job.Prompt) + longest);
        ModelOptions options = alone with { Sequences = several[^1], SoftTokenCacheBytes = ModelOptions.OnePicture };
        await using PaliModel model = await PaliModel.LoadAsync(job.TextPath, options, progress: null, cancellationToken);
        GenerationRequest request = caption with { Images = [Read(job.Picture, model.Info.ImageSize)], MaxTokens = longest };
        IReadOnlyDictionary<int, double> rates = await SideBySide.MeasureAsync(
            model, request, several, job.Tokens, count => Begin($"decoding {count} requests side by side"), cancellationToken);
        return warm.DecodeTokensPerSecond.ToDictionary(
            rate => rate.Key, rate => rates.TryGetValue(int.Parse(rate.Key, CultureInfo.InvariantCulture), out double several) ? several : rate.Value);
    }

    /// <summary>The baseline's tower with plain attention.</summary>
    private async Task<double> PlainTowerAsync(ModelOptions options, int threads, BenchJob job, CancellationToken cancellationToken)
    {
        Begin("vision tower with plain attention");
        using GgufFile file = GgufFile.Open(job.VisionPath);
        TowerSettings plain = TowerSettings.Of(options with { Attention = VisionAttention.Plain }, threads);
        using VisionTower tower = new(file, VisionLayout.Read(file), PaliModel.VisionDevice(options), plain, loggers.CreateLogger<VisionTower>());
        RgbImage picture = Read(job.Picture, tower.Layout.ImageSize);
        await tower.EncodeAsync(picture, cancellationToken);
        long start = Stopwatch.GetTimestamp();
        await tower.EncodeAsync(picture, cancellationToken);
        return Milliseconds(start);
    }

    private static double PictureMs(byte[] picture, int side)
    {
        long start = Stopwatch.GetTimestamp();
        Read(picture, side);
        return Milliseconds(start);
    }

    private static RgbImage Read(byte[] picture, int side) => Resampling.Resize(ImageFile.Load(picture.AsSpan()), side, side);

    private static BenchedModel Describe(ModelInfo info, GenerationResult answer)
    {
        string tower = BenchFiles.TowerType(info.VisionPath);
        return new BenchedModel(
            info.Name, info.Threads, info.ImageSize, answer.PrefixTokens, tower, info.VisionDevice, info.VisionBufferTypes);
    }

    private void Begin(string what) => terminal.WriteLine(what);

    private static string Key(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static double Milliseconds(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    /// <summary>A caption, its tokens' times, and how long it took from the picture's file to its last token.</summary>
    private sealed record TimedCaption(GenerationResult Answer, TimedAnswer Tokens, double TotalMs)
    {
        public double RateOf(int tokens) => Tokens.RateBetween(Tokens.TimeOf(0), Tokens.TimeOf(tokens));
    }
}
