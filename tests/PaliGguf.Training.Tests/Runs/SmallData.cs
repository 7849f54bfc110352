using System.Text.Json;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Tests;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Tests.Runs;

/// <summary>Six pictures of one colour with captions, and runs on them that take a second.</summary>
internal sealed class SmallData : IDisposable
{
    private const int Pictures = 6;
    private readonly TemporaryFolder _folder = new();

    public SmallData()
    {
        List<string> lines = [];
        for (int i = 0; i < Pictures; i++)
        {
            byte[] pixels = new byte[3 * 16 * 16];
            Array.Fill(pixels, (byte)(40 * i));
            ImageFile.Save(new RgbImage(16, 16, pixels), _folder.File($"{i}.png"));
            string suffix = string.Join(' ', Enumerable.Repeat("grey", i + 1));
            lines.Add(JsonSerializer.Serialize(new { image = $"{i}.png", prefix = "caption en", suffix }));
        }

        File.WriteAllLines(Path, lines);
    }

    public string Path => _folder.File("train.jsonl");

    public string Folder(string name) => _folder.File(name);

    /// <summary>A line more.</summary>
    public void Add(string line) => File.AppendAllText(Path, line + "\n");

    /// <summary>A file beside the pictures.</summary>
    public void Write(string name, ReadOnlySpan<byte> content) => _folder.Write(name, content);

    public async Task<TrainingSettings> SettingsAsync(string output) => new()
    {
        Model = await TrainingGolden.Load("tiny-g1").FilesAsync(ModelFileType.Q8_0),
        Data = Path,
        DataOptions = new DataOptions(),
        Output = Folder(output),
        Plan = new TuningPlan(TuningMethod.Lora) { Form = new LowRankForm(Rank: 4, Dropout: 0.1) },
        Schedule = ScheduleKind.Constant,
        WarmUp = 0,
        Rate = 1e-3,
        Steps = 6,
        BatchSize = 2,
        MicroBatchSize = 1,
        Threads = 1,
        SaveEvery = 2,
    };

    public void Dispose() => _folder.Dispose();
}

/// <summary>Remembers what it is told, and may do something at a step.</summary>
internal sealed class RunLog(Action<long>? atStep = null, Action<int>? whileValidating = null) : IRunObserver
{
    public List<StepReport> Steps { get; } = [];

    public List<string> BrokenRows { get; } = [];

    public List<(ValidationReport Report, bool IsBest)> Validations { get; } = [];

    public List<long> Saves { get; } = [];

    public long BeganAt { get; private set; } = -1;

    public void Begin(RunStart start) => BeganAt = start.Step;

    public void Step(StepReport report)
    {
        Steps.Add(report);
        atStep?.Invoke(report.Step);
    }

    public void Validating(int done, int examples) => whileValidating?.Invoke(Steps.Count);

    public void Validated(ValidationReport report, bool isBest) => Validations.Add((report, isBest));

    public void Saved(long step) => Saves.Add(step);

    public void Broken(string problem) => BrokenRows.Add(problem);
}
