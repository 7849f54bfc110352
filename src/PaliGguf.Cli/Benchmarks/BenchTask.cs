using System.Diagnostics;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Imaging;
using PaliGguf.Memory;
using PaliGguf.Tasks;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// Measures a model, and what llama.cpp's own tools or LLamaSharp would make of it. Each measurement is a process of its own; those of the
/// two sides take turns, so that what else happens on the machine meets both.
/// </summary>
internal sealed class BenchTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(BenchRequest request, CancellationToken cancellationToken)
    {
        request.Validate();
        byte[] picture = await PictureAsync(request.Image, cancellationToken);
        using BenchFiles files = new();
        await files.PrepareAsync(request, loader, terminal, cancellationToken);
        MachineJson machine = MachineJson.Here(gpuIsUsed: settings.GpuLayers != 0 || settings.Tower == VisionPlacement.Gpu);
        string? coldProblem = request.WarmOnly ? "--warm leaves it out" : await PrepareColdAsync(files.All, cancellationToken);

        List<Series> sides = [new(BenchSide.PaliGguf, files.Vision)];
        if (request.Versus is { } other) sides.Insert(0, new Series(other, files.OtherVision!));
        BenchJob common = CommonJob(request, files, picture);
        BenchProcess process = new(request.Arguments, settings.Verbose ? terminal.Error : null);
        bool[] kinds = coldProblem is null ? [true, false] : [false];
        int steps = request.Runs * sides.Count * kinds.Length, step = 0;
        long start = Stopwatch.GetTimestamp();
        for (int run = 1; run <= request.Runs; run++)
        {
            foreach (bool cold in kinds)
            {
                foreach (Series side in sides)
                {
                    string name = $"run {run} of {request.Runs}, {side.Side}{(cold ? ", files not in memory" : "")}";
                    BenchJob job = common with { VisionPath = side.Vision, Cold = cold };
                    side.Add(cold, await process.RunAsync(side.Side, job, what => Report($"{name}: {what}", step, steps, start), cancellationToken));
                    step++;
                }
            }
        }

        BenchJson result = Summarize(request, common, sides, coldProblem, machine);
        if (settings.Json) terminal.WriteJson(result, BenchmarksJson.Default.BenchJson);
        else BenchTable.Print(result, terminal);
        return ExitCode.Success;
    }

    private static async Task<byte[]> PictureAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null) return TestPicture.Create();
        byte[] file = await PictureReader.ReadFileAsync(path, cancellationToken);
        // What is no picture is an error now, and not in each process.
        ImageFile.Load(file.AsSpan(), name: path, cancellationToken: cancellationToken);
        return file;
    }

    private BenchJob CommonJob(BenchRequest request, BenchFiles files, byte[] picture)
    {
        string prompt = Prompts.Caption(settings.Lang);
        IReadOnlyList<BenchQuestion> questions = request.Answers is { } path ? ReferenceAnswers.Read(path) : [];
        long captionTokens = ModelLoader.MostTokens(prompt) + BenchMeasurement.LongestCaption(request.Tokens);
        long tokens = questions.Select(question => ModelLoader.MostTokens(question.Prompt) + question.Answer.Count + 1)
            .Append(captionTokens)
            .Max();
        ModelOptions options = loader.Options(images: 1, tokens);
        MachineShape machine = new(HasGpu: false, WeightPacking.None, Threads: 1);
        MemoryPlan plan = MemoryPlanner.Plan(ModelShape.Read(new ModelFiles(files.Text, files.Vision)), options, machine);
        return new BenchJob(files.Text, files.Vision, picture, request.Tokens, request.Sequences, Cold: false)
        {
            Prompt = prompt,
            TextTokens = options.TextTokens,
            Threads = PaliModel.Threads(options, files.All.Take(2).Sum(file => new FileInfo(file).Length)),
            ContextLength = plan.ContextLength,
            Questions = questions,
        };
    }

    /// <summary>Disks have caches too, and what is read for the second time may come from there: so both sides read for the second time.</summary>
    private async Task<string?> PrepareColdAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (PageCache.Drop(paths) is { } problem) return problem;
        await using SlowStatus status = new(terminal, "reading the files");
        await Task.Run(() => PageCache.Fill(paths, cancellationToken), cancellationToken);
        return null;
    }

    // A bar would take time from what is measured.
    private void Report(string what, int step, int steps, long start)
    {
        if (terminal.ErrorIsInteractive || Stopwatch.GetElapsedTime(start) > Patience) terminal.Error.WriteLine($"{what} ({100 * step / steps} %)");
    }

    private static BenchJson Summarize(BenchRequest request, BenchJob job, List<Series> sides, string? coldProblem, MachineJson machine)
    {
        BenchedModel model = sides[^1].Model;
        WorkJson work = WorkJson.Of(job.TextPath, job.VisionPath, model.PrefixTokens, machine);
        SideJson own = sides[^1].Summarize(work);
        SideJson? other = sides.Count > 1 ? sides[0].Summarize(work) : null;
        return new BenchJson(
            model.Name, Path.GetFileName(job.TextPath), model.Threads, model.ImageSize, model.PrefixTokens, BenchMeasurement.CaptionTokens,
            request.Tokens, request.Runs,
            request.Versus == BenchSide.Baseline ? other : null, request.Versus == BenchSide.LLamaSharp ? other : null, own,
            other is null ? null : own.TimesBetterThan(other), job.Questions.Count, coldProblem, work, machine);
    }

    /// <summary>One side's runs.</summary>
    private sealed class Series(BenchSide side, string vision)
    {
        private readonly List<Figures> _runs = [];
        private BenchSample? _cold;
        private BenchedModel? _model;

        public BenchSide Side => side;

        public string Vision => vision;

        public BenchedModel Model => _model ?? throw new InvalidOperationException("Nothing is measured yet.");

        public void Add(bool cold, BenchSample sample)
        {
            _model = sample.Model with { VisionType = BenchFiles.TowerType(vision) };
            if (cold) _cold = sample;
            else if (sample.Warm is { } figures) _runs.Add(figures with { ColdLoadMs = _cold?.LoadMs, ColdCaptionMs = _cold?.FirstCaptionMs });
        }

        public SideJson Summarize(WorkJson work) => new(Model, _runs, work);
    }
}
