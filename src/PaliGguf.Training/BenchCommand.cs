using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PaliGguf.Training.Options;
using PaliGguf.Training.Planning;
using PaliGguf.Training.Runs;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training;

/// <summary><c>paligguf train bench</c>: what a step takes, beside libtorch's own forward pass of the same model in the same process.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        ModelOptionGroup model = new();
        IReadOnlyList<IOptionGroup> groups = [model, new RunOptionGroup(), new TuningOptionGroup(), new OptimizerOptionGroup()];
        Option<int> tokens = OptionForms.Number("--text-tokens", 44, 2, 1 << 16, "Tokens of prefix and suffix together.");
        Option<int> runs = OptionForms.Number("--runs", 3, 1, 1000, "Repetitions, after one to warm up; medians are told.");
        Option<bool> json = OptionForms.Switch("--json", "Print JSON.");
        Command command = new(
            "bench", "Measure a step with these options, and what libtorch takes for tower, prefix and token with weights held in memory.");
        foreach (Option option in groups.SelectMany(group => group.All)) command.Add(option);
        foreach (Option option in (Option[])[tokens, runs, json]) command.Add(option);
        command.SetAction(parse =>
        {
            TrainingSettings settings = new() { Model = model.Files(parse), Data = "", Output = "" };
            settings = groups.Aggregate(settings, (sum, group) => group.Apply(parse, sum));
            (int text, int repetitions) = (parse.GetValue(tokens), parse.GetValue(runs));
            if (settings.Network.IsStreamed) MemoryAdvice.ReturnFreedBlocks();
            TorchRuntime.Load(settings.Threads, settings.OnGpu);
            using MadeUpStep made = new(settings);
            TimeSpan step = ForwardTimes.Median(repetitions, () => made.Run(text));
            ForwardTimes forward = ForwardTimes.Take(settings, text, repetitions);
            Console.WriteLine(parse.GetValue(json) ? Json(made.Together, step, forward) : Text(settings, made.Together, step, forward));
        });
        return command;
    }

    private static string Text(TrainingSettings settings, int together, TimeSpan step, ForwardTimes forward) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        libtorch {__version__}, {settings.Network.Type}, {Environment.ProcessorCount} threads
        tower           {forward.Tower.TotalMilliseconds,9:F0} ms
        prefix          {forward.Prefix.TotalMilliseconds,9:F0} ms  {forward.PrefixRows / forward.Prefix.TotalSeconds:F1} tokens/s of {forward.PrefixRows}
        token           {forward.Token.TotalMilliseconds,9:F1} ms
        step of {together,-3}     {step.TotalMilliseconds,9:F0} ms  {together / step.TotalSeconds:F2} samples/s, {step / forward.Prefix / together:F2} x the prefix a sample
        """);

    private static string Json(int together, TimeSpan step, ForwardTimes forward) => JsonSerializer.Serialize(
        new
        {
            towerMs = Math.Round(forward.Tower.TotalMilliseconds, 1),
            prefixMs = Math.Round(forward.Prefix.TotalMilliseconds, 1),
            prefixRows = forward.PrefixRows,
            tokenMs = Math.Round(forward.Token.TotalMilliseconds, 2),
            stepMs = Math.Round(step.TotalMilliseconds, 1),
            samples = together,
            ratio = Math.Round(step / forward.Prefix / together, 3),
        });
}
