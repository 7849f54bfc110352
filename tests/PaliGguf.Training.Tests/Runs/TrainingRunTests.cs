using PaliGguf.Conversion;
using PaliGguf.Training.Examples;
using PaliGguf.Training.Optimization;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tests.Goldens;
using PaliGguf.Training.Tuning;
using PaliGguf.Training.Weights;

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

        TrainingSettings settings = await _data.SettingsAsync("ended");
        RunLog first = RunToStep3(settings);
        RunLog second = new();
        Assert.Equal(expected, Run(settings, second));
        Assert.Equal(3, second.BeganAt);
        Assert.Equal(undisturbed.Steps.Select(Numbers), first.Steps.Concat(second.Steps).Select(Numbers));
        Assert.Equal(6, File.ReadLines(Path.Combine(settings.Output, "metrics.jsonl")).Count());
    }

    [Fact]
    public async Task A_run_that_was_ended_can_be_finished_as_it_is()
    {
        TrainingSettings settings = await _data.SettingsAsync("ended") with { Validation = _data.Path, ValidateEvery = 100 };
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings with { Finishes = true }, new RunLog()));
        Assert.Contains("nothing to finish", problem.Message, StringComparison.Ordinal);
        RunToStep3(settings);
        RunLog finished = new();
        byte[] weights = Run(settings with { Finishes = true }, finished);
        Assert.Equal(3, finished.BeganAt);
        Assert.Empty(finished.Steps);
        Assert.True(File.Exists(Path.Combine(settings.Output, "best.safetensors")));
        Assert.Equal(weights, Run(settings with { Finishes = true }, new RunLog()));
        string metrics = File.ReadAllText(Path.Combine(settings.Output, "metrics.jsonl"));
        Assert.Contains("\"step\":3,\"validation\"", metrics, StringComparison.Ordinal);
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_run_by_pictures_goes_on_to_the_same_numbers(int packed)
    {
        for (int i = 0; i < 6; i++) _data.Add($$"""{"image": "{{i % 3}}.png", "prefix": "detect grey", "suffix": "grey grey {{i}}"}""");
        TrainingSettings settings = await _data.SettingsAsync("undisturbed") with
        {
            KeepsPicturesTogether = true,
            PackedExamples = packed,
            BatchSize = 4,
            MicroBatchSize = 2,
            Plan = new TuningPlan(TuningMethod.Full),
        };
        settings = AssertGoesOn(settings, new RunLog());
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings with { KeepsPicturesTogether = false }, new RunLog()));
        Assert.Contains("by-picture: True there, not set now", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_by_Muon_goes_on_to_the_same_numbers_and_its_loss_falls()
    {
        TrainingSettings settings = await _data.SettingsAsync("undisturbed") with
        {
            Optimizer = OptimizerKind.Muon,
            Momentum = 0.95,
            Plan = new TuningPlan(TuningMethod.Full),
            BatchSize = 6,
            MicroBatchSize = 6,
        };
        RunLog undisturbed = new();
        AssertGoesOn(settings, undisturbed);
        Assert.True(undisturbed.Steps[^1].Loss < undisturbed.Steps[0].Loss);
    }

    [Fact]
    public async Task A_run_of_changed_pictures_goes_on_to_the_same_numbers()
    {
        TrainingSettings settings = await _data.SettingsAsync("undisturbed") with { Augmentation = new Augmentation(0.5, 0.6, 0.2) };
        RunLog plain = new(), undisturbed = new();
        Run(await _data.SettingsAsync("plain"), plain);
        settings = AssertGoesOn(settings, undisturbed);
        Assert.NotEqual(plain.Steps.Select(Numbers), undisturbed.Steps.Select(Numbers));
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings with { Augmentation = new() }, new RunLog()));
        Assert.Contains("augmentation: flip 0.5, crop 0.6, color 0.2 there, not set now", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Masks_as_text_are_not_mirrored()
    {
        _data.Add("""{"image": "0.png", "prefix": "segment cat", "suffix": "<loc0000><loc0000><loc0100><loc0100><seg001> cat"}""");
        TrainingSettings settings = await _data.SettingsAsync("run") with { Augmentation = new Augmentation(Flip: 0.5) };
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings, new RunLog()));
        Assert.Equal(
            $"{_data.Path}, line 7: its masks are tokens, which can not be mirrored or cropped: leave --flip and --crop out.",
            problem.Message);
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
    public async Task A_run_goes_on_with_its_own_model_alone_and_loses_nothing_by_another()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with { Steps = 2 };
        byte[] expected = Run(settings, new RunLog());
        string last = Path.Combine(settings.Output, "last.safetensors");
        byte[] saved = File.ReadAllBytes(last);
        ModelFiles another = await TrainingGolden.Load("tiny-g1").FilesAsync(ModelFileType.F16);
        PaliException problem = Assert.Throws<PaliException>(() => Run(settings with { Model = another }, new RunLog()));
        Assert.Contains("model: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal(saved, File.ReadAllBytes(last));
        Assert.Equal(expected, Run(settings, new RunLog()));
    }

    [Fact]
    public async Task A_saved_state_that_is_damaged_is_named()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with { Steps = 2 };
        Run(settings, new RunLog());
        string last = Path.Combine(settings.Output, "last.safetensors");
        byte[] saved = File.ReadAllBytes(last);
        foreach (int length in (int[])[0, 7, 100, saved.Length - 1])
        {
            File.WriteAllBytes(last, saved[..length]);
            PaliException problem = Assert.ThrowsAny<PaliException>(() => Run(settings, new RunLog()));
            Assert.Contains(last, problem.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_run_that_leaves_all_numbers_ends_with_the_step_and_the_row()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with
        {
            Plan = new TuningPlan(TuningMethod.Attention),
            Optimizer = OptimizerKind.Sgd,
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
        Assert.Equal([(0, false), (1, true), (2, false), (3, false)], log.Validations.Select(each => (each.Report.Step, each.IsBest)));
    }

    [Fact]
    public async Task Validation_changes_no_number_of_a_run()
    {
        TrainingSettings settings = await _data.SettingsAsync("alone");
        RunLog alone = new(), validated = new();
        Run(settings, alone);
        Run(settings with { Output = _data.Folder("validated"), Validation = _data.Path, ValidateEvery = 2 }, validated);
        Assert.Equal(alone.Steps.Select(Numbers), validated.Steps.Select(Numbers));
        Assert.Equal([0, 2, 4, 6], validated.Validations.Select(each => each.Report.Step));
    }

    [Fact]
    public async Task Validations_tell_what_the_model_answers_to_a_few_pictures_of_all_the_data()
    {
        RunLog log = new();
        TrainingSettings settings = await _data.SettingsAsync("run") with
        {
            Validation = _data.Path,
            ShownPictures = 3,
            Steps = 40,
            ValidateEvery = 40,
            Rate = 2e-2,
            BatchSize = 6,
            MicroBatchSize = 6,
            Plan = new TuningPlan(TuningMethod.Lora) { Form = new LowRankForm(Rank: 8), Targets = AdapterTargets.AllLinear },
        };
        Run(settings, log);
        IReadOnlyList<ShownAnswer> answers = log.Validations[^1].Report.Answers;
        Assert.Equal(
            [("0.png", "grey"), ("2.png", "grey grey grey"), ("4.png", "grey grey grey grey grey")],
            answers.Select(each => (each.Image, each.Reference)));
        // How far so few steps come differs by the processor, and with it what follows the first token.
        Assert.All(log.Validations[0].Report.Answers, each => Assert.DoesNotMatch("^gre", each.Answer));
        Assert.All(answers, each => Assert.Matches("^gre", each.Answer));
        string line = File.ReadLines(Path.Combine(settings.Output, "metrics.jsonl")).Last();
        string expected = $$"""{"image":"0.png","prompt":"caption en","reference":"grey","answer":"{{answers[0].Answer}}"}""";
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_was_ended_while_it_was_measured_measures_again()
    {
        TrainingSettings settings = await _data.SettingsAsync("undisturbed") with { Validation = _data.Path, ValidateEvery = 3 };
        RunLog undisturbed = new();
        byte[] expected = Run(settings, undisturbed);
        settings = settings with { Output = _data.Folder("ended") };
        using CancellationTokenSource cancellation = new();
        RunLog first = new(whileValidating: steps =>
        {
            if (steps == 3) cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Run(settings, first, cancellation.Token));
        Assert.Equal([2, 3], first.Saves);
        RunLog second = new();
        Assert.Equal(expected, Run(settings, second));
        ValidationReport[] reports = [.. first.Validations.Concat(second.Validations).Select(each => each.Report)];
        Assert.Equal([0, 3, 6], reports.Select(each => each.Step));
        Assert.Equal(undisturbed.Validations.Select(each => each.Report.Loss), reports.Select(each => each.Loss));
    }

    [Fact]
    public async Task Validation_pictures_that_can_not_be_read_end_the_run()
    {
        _data.Write("bad.png", "no picture"u8);
        _data.Write("bad.jsonl", """{"image": "bad.png", "prefix": "caption en", "suffix": "nothing"}"""u8);
        TrainingSettings settings = await _data.SettingsAsync("run") with { Validation = _data.Folder("bad.jsonl") };
        string problem = Assert.Throws<PaliException>(() => Run(settings, new RunLog())).Message;
        Assert.StartsWith(
            $"none of the validation pictures can be read: {settings.Validation}, line 1: ", problem, StringComparison.Ordinal);
    }

    private static (long, double, double, double) Numbers(StepReport report) => (report.Step, report.Loss, report.Rate, report.Norm);

    // A run that is ended and goes on has the weights of one that is not. Returns its settings.
    private TrainingSettings AssertGoesOn(TrainingSettings settings, RunLog undisturbed)
    {
        byte[] expected = Run(settings, undisturbed);
        settings = settings with { Output = _data.Folder("ended") };
        RunToStep3(settings);
        Assert.Equal(expected, Run(settings, new RunLog()));
        return settings;
    }

    // Ends a run as Ctrl-C does.
    private static RunLog RunToStep3(TrainingSettings settings)
    {
        using CancellationTokenSource cancellation = new();
        RunLog log = new(step =>
        {
            if (step == 3) cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Run(settings, log, cancellation.Token));
        return log;
    }

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
