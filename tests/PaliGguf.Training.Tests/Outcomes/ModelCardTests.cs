using System.Text;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Training.Outcomes;
using PaliGguf.Training.Results;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Tests.Runs;
using PaliGguf.Training.Tuning;

namespace PaliGguf.Training.Tests.Outcomes;

public sealed class ModelCardTests : IDisposable
{
    private readonly SmallData _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task An_adapters_card_tells_of_data_settings_losses_and_how_to_load_it()
    {
        TrainingSettings settings = await _data.SettingsAsync("grey") with { Validation = _data.Path, ValidateEvery = 3 };
        RunLog log = new();
        string card = File.ReadAllText(Assert.Single(await CardsAsync(settings, log, "paligemma2-3b-pt-224")));
        Assert.Equal(
            """
            ---
            base_model: google/paligemma2-3b-pt-224
            library_name: peft
            pipeline_tag: image-text-to-text
            tags:
            - lora
            - paligemma
            ---
            # grey
            """.ReplaceLineEndings("\n").Split('\n'), card.Split('\n')[..9]);
        Assert.Contains("model = PeftModel.from_pretrained(base, \"peft\")", card, StringComparison.Ordinal);
        Assert.Contains($"--model {Path.GetFileName(settings.Model.Text)} --lora adapter.gguf", card, StringComparison.Ordinal);
        Assert.Contains("Trained on `train.jsonl`, measured by `train.jsonl`.", card, StringComparison.Ordinal);
        Assert.Contains("| rate | `0.001` |", card, StringComparison.Ordinal);
        Assert.Contains($"| loss of the first step | {log.Steps[0].Loss:F4} | 1 |", card, StringComparison.Ordinal);
        Assert.Contains($"| loss of the last step | {log.Steps[^1].Loss:F4} | 6 |", card, StringComparison.Ordinal);
        Assert.Contains($"| validation loss before | {log.Validations[0].Report.Loss:F4} | 0 |", card, StringComparison.Ordinal);
        ValidationReport best = log.Validations.Where(each => each.IsBest).Last().Report;
        Assert.Contains($"| validation loss, the best: these weights | {best.Loss:F4} | {best.Step} |", card, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(settings.Model.Text)!, card, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetDirectoryName(_data.Path)!, card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pair_has_a_card_of_its_own()
    {
        TrainingSettings settings = await _data.SettingsAsync("pair") with { Plan = new TuningPlan(TuningMethod.Attention), Steps = 1 };
        string path = Assert.Single(await CardsAsync(settings, new RunLog(), "my model\n---"));
        Assert.Equal(Path.Combine(settings.Output, "README.md"), path);
        string card = File.ReadAllText(path);
        Assert.StartsWith("---\nbase_model: my-model\nbase_model_relation: finetune\n", card, StringComparison.Ordinal);
        Assert.Contains("This is tuned from `my model ---`, trained", card, StringComparison.Ordinal);
        Assert.DoesNotContain("--lora", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scores_before_and_after_are_those_of_the_library_that_runs_the_model()
    {
        _data.Write("same.jsonl", Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 6).Select(number =>
            $$"""{"image": "{{number}}.png", "prefix": "caption en", "suffix": "grey"}"""))));
        TrainingSettings settings = await _data.SettingsAsync("scored") with
        {
            Data = _data.Folder("same.jsonl"),
            Validation = _data.Folder("same.jsonl"),
            ShownPictures = 6,
            EvaluationTask = "text",
            Steps = 30,
            Rate = 1e-2,
            BatchSize = 6,
            MicroBatchSize = 6,
            ValidateEvery = 10,
            Plan = new TuningPlan(TuningMethod.Lora) { Form = new(Rank: 8), Targets = AdapterTargets.AllLinear },
        };
        TunedScores scores = new(settings, CancellationToken.None);
        RunLog log = new();
        IReadOnlyList<string> written = await RunAsync(settings, log);
        EvaluationReport report = await scores.CompareAsync(
            Path.Combine(settings.Output, RunResults.AdapterFile), new RunLog(), CancellationToken.None);
        ReportedValue value = Assert.Single(report.Values);
        IReadOnlyList<ShownAnswer> answers = log.Validations.Last(each => each.IsBest).Report.Answers;
        Assert.Equal(0, value.Against!.Value);
        Assert.Equal(answers.Count(each => each.Answer == each.Reference) / 6.0, value.Value, 1e-9);
        Assert.True(value.Value > 0);
        string card = File.ReadAllText(new ModelCard(settings, "tiny", report).Write(written)[0]);
        Assert.Contains("by `paligguf eval --task text`, 6 answers.", card, StringComparison.Ordinal);
        Assert.Contains("| metric | after | 95 % | before | 95 % | difference | 95 % | p |\n| --- |", card, StringComparison.Ordinal);
        Assert.Equal(7, File.ReadLines(Path.Combine(settings.Output, "eval-after.jsonl")).Count());
    }

    [Fact]
    public async Task Data_that_a_task_can_not_ask_is_told_before_anything_is_trained()
    {
        TrainingSettings settings = await _data.SettingsAsync("run") with { Validation = _data.Path, EvaluationTask = "detection" };
        settings = settings with { DataOptions = settings.DataOptions with { Prompt = "detect {labels}" } };
        PaliException problem = Assert.Throws<PaliException>(() => new TunedScores(settings, CancellationToken.None));
        Assert.Contains("label", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> CardsAsync(TrainingSettings settings, RunLog log, string baseModel) =>
        new ModelCard(settings, baseModel, scores: null).Write(await RunAsync(settings, log));

    // Scopes of tensors belong to one thread.
    private static Task<IReadOnlyList<string>> RunAsync(TrainingSettings settings, RunLog log)
    {
        using TrainingRun run = new(settings, log, CancellationToken.None);
        run.Run(CancellationToken.None);
        return Task.FromResult(RunResults.WriteAsync(
            settings.Output, settings.Model, run.Network, settings.Plan, run.Trained, new ResultOptions(), CancellationToken.None)
            .GetAwaiter().GetResult());
    }
}
