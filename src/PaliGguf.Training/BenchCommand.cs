using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PaliGguf.Training.Options;
using PaliGguf.Training.Planning;
using PaliGguf.Training.Runs;

namespace PaliGguf.Training;

/// <summary>
/// <c>paligguf train bench</c>: what a step takes, beside libtorch's own forward pass of the same model in the same process.
/// </summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        MadeUpRunOptions options = new();
        Option<int> runs = OptionForms.Number("--runs", 3, 1, 1000, "Repetitions, after one to warm up; medians are told.");
        Command command = new(
            "bench", "Measure a step with these options, and what libtorch takes for tower, prefix and token with weights held in memory.");
        options.AddTo(command);
        command.Add(runs);
        command.SetAction(parse =>
        {
            TrainingSettings settings = options.Read(parse);
            (int text, int repetitions) = (options.TextTokens(parse), parse.GetValue(runs));
            using MadeUpStep made = new(settings);
            TimeSpan step = ForwardTimes.Median(repetitions, () => made.Run(text));
            ForwardTimes forward = ForwardTimes.Take(settings, text, repetitions);
            Console.WriteLine(options.IsJson(parse) ? Json(made.Together, step, forward) : Text(settings, made.Together, step, forward));
        });
        return command;
    }

    private static string Text(TrainingSettings settings, int together, TimeSpan step, ForwardTimes forward)
    {
        double rate = forward.PrefixRows / forward.Prefix.TotalSeconds, samples = together / step.TotalSeconds;
        double ratio = step / forward.Prefix / together;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            libtorch {__version__}, {settings.Network.Type}, {Environment.ProcessorCount} threads
            tower           {forward.Tower.TotalMilliseconds,9:F0} ms
            prefix          {forward.Prefix.TotalMilliseconds,9:F0} ms  {rate:F1} tokens/s of {forward.PrefixRows}
            token           {forward.Token.TotalMilliseconds,9:F1} ms
            step of {together,-3}     {step.TotalMilliseconds,9:F0} ms  {samples:F2} samples/s, {ratio:F2} x the prefix a sample
            """);
    }

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
