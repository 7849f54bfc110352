using PaliGguf.Training.Runs;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Tests.Runs;

public sealed class TrainingRunTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_run_that_was_ended_goes_on_to_the_same_numbers()
    {
        RunLog undisturbed = new();
        byte[] expected = Run(await _data.SettingsAsync("undisturbed"), undisturbed);

        using CancellationTokenSource cancellation = new();
        RunLog first = new(step =>
        {
            if (step == 3) cancellation.Cancel();
        });
        TrainingSettings settings = await _data.SettingsAsync("ended");
        Assert.Throws<OperationCanceledException>(() => Run(settings, first, cancellation.Token));
        RunLog second = new();
        Assert.Equal(expected, Run(settings, second));
        Assert.Equal(3, second.BeganAt);
        Assert.Equal(undisturbed.Steps.Select(Numbers), first.Steps.Concat(second.Steps).Select(Numbers));
        Assert.Equal(6, File.ReadLines(Path.Combine(settings.Output, "metrics.jsonl")).Count());
    }

    [Fact]
    public async Task The_loss_falls()
    {
        RunLog log = new();
        Run(await _data.SettingsAsync("run") with { Steps = 30, Rate = 1e-2, BatchSize = 6, MicroBatchSize = 6 }, log);
        Assert.True(log.Steps[^1].Loss < 0.5 * log.Steps[0].Loss, $"{log.Steps[0].Loss} to {log.Steps[^1].Loss}");
    }

    [Fact]
    public async Task Kept_soft_tokens_change_nothing()
    {
        RunLog computed = new(), kept = new(), keptBefore = new();
        TrainingSettings settings = await _data.SettingsAsync("computed");
        Run(settings, computed);
        Run(settings with { Output = _data.Folder("kept"), KeepsSoftTokens = true }, kept);
        Assert.All(computed.Steps.Zip(kept.Steps), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 1e-4));
        File.Delete(Path.Combine(_data.Folder("kept"), "last.safetensors"));
        Run(settings with { Output = _data.Folder("kept"), KeepsSoftTokens = true }, keptBefore);
        Assert.Equal(kept.Steps.Select(Numbers), keptBefore.Steps.Select(Numbers));
    }

    [Fact]
    public async Task A_folder_of_another_run_is_refused()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with { Steps = 1 };
        Run(settings, new RunLog());
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings with { Seed = 43, Rate = 0.5 }, new RunLog()));
        Assert.Contains("rate: 0.001 there, 0.5 now; seed: 42 there, 43 now", problem.Message, StringComparison.Ordinal);
        _data.Add("""{"image": "0.png", "prefix": "caption en", "suffix": "more"}""");
        Assert.Contains("data: ", Assert.Throws<PaliException>(() => Run(settings, new RunLog())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_leaves_all_numbers_ends_with_the_step_and_the_row()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with
        {
            Plan = new TuningPlan(TuningMethod.Attention),
            UsesSgd = true,
            Rate = 1e30,
            Clip = null,
            SaveEvery = 1,
        };
        RunLog log = new();
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings, log));
        Assert.Contains($"of step {log.Steps.Count + 1} is not a number: {_data.Path}, line ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_picture_is_named_and_left_out()
    {
        _data.Write("bad.png", "no picture"u8);
        _data.Add("""{"image": "bad.png", "prefix": "caption en", "suffix": "nothing"}""");
        RunLog log = new();
        Run(await _data.SettingsAsync("run") with { BatchSize = 7, Steps = 2 }, log);
        Assert.Equal([6, 6], log.Steps.Select(step => step.Examples));
        Assert.StartsWith($"{_data.Path}, line 7: ", Assert.Single(log.BrokenRows), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_ends_when_nothing_gets_better_and_leaves_the_best_weights()
    {
        RunLog log = new();
        Run(await _data.SettingsAsync("run")
            with
        { Validation = _data.Path, ValidateEvery = 1, Patience = 2, Steps = 50, Rate = 1e-30 },
            log);
        Assert.Equal([true, false, false], log.Validations.Select(each => each.IsBest));
    }

    private static (long, double, double, double) Numbers(StepReport report) => (report.Step, report.Loss, report.Rate, report.Norm);

    // The trained numbers, bit for bit.
    private static byte[] Run(TrainingSettings settings, RunLog log, CancellationToken cancellationToken = default)
    {
        using TrainingRun run = new(settings, log, cancellationToken);
        run.Run(cancellationToken);
        return [.. run.Trained.SelectMany(each =>
        {
            using TorchSharp.torch.Tensor values = each.Value.detach();
            return values.bytes.ToArray();
        })];
    }
}
