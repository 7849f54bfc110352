using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using PaliGguf.Cli.Benchmarks;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf bench [IMAGE]".</summary>
internal static class BenchCommand
{
    private const string Sides = "'baseline' or 'llamasharp'";
    private const int MostSequences = 256;

    private const string Description = """
        Measure what a model takes here: picture, vision tower, prefix, decoding, captions, loading and memory.

        --vs baseline measures what llama.cpp's own tools do with the same libraries beside it, --vs llamasharp what LLamaSharp does with its
        own, and both print how many times better PaliGguf is: times and memory of the other by those of PaliGguf, rates of PaliGguf by those
        of the other. Each measurement is a process of its own, and the two sides take turns.
        """;

    public static Command Create()
    {
        Argument<string?> image = new("IMAGE") { Description = "A picture. Default: a synthetic one.", Arity = ArgumentArity.ZeroOrOne };
        Option<BenchSide?> versus = new("--vs")
        {
            Description = $"What to compare with: {Sides}.",
            HelpName = "SIDE",
            CustomParser = ParseVersus,
        };
        PathOption answers = new("--answers")
        {
            Description = "Also count the right answers to these questions: a file like models/pali-nano/goldens.json.",
            HelpName = "FILE",
        };
        Option<ModelSize?> synthetic = new("--synthetic") { Description = $"Measure a model of random numbers, made for it, with these shapes: {SynthCommand.Names}.", HelpName = "SIZE", CustomParser = SynthCommand.ParseSize };
        Option<ModelFileType?> type = TypeOptions.File("--type", "Its type. Default: q4_0.");
        PathOption keep = new("--keep") { Description = "Write it there and keep it; what is there is used. Default: a temporary folder.", HelpName = "DIR" };
        Option<int> runs = new("--runs") { Description = "How many runs the medians are of. Default: 3.", HelpName = "N", DefaultValueFactory = _ => 3 };
        Option<int> tokens = new("--tokens") { Description = "How many tokens are decoded while a rate is taken. Default: 16.", HelpName = "N", DefaultValueFactory = _ => 16 };
        Option<int[]> sequences = new("--sequences") { Description = "Numbers of requests to decode side by side. Default: 1,2,4,8.", HelpName = "N,N", CustomParser = ParseCounts };
        Option<bool> warm = new("--warm") { Description = "Leave out loading from disk, for which the files are dropped from memory." };
        Option<BenchSide?> measure = new(BenchProcess.SideOption) { Description = "Measure one side as standard input says.", Hidden = true };
        Command command = new("bench", Description)
        {
            image, versus, answers, synthetic, type, keep, runs, tokens, sequences, warm, measure,
        };
        command.SetAction((parse, _) =>
        {
            if (parse.GetValue(measure) is { } side) return CommandHost.RunAsync<BenchMeasurement>(parse, (task, cancellationToken) => task.RunAsync(side, cancellationToken));
            string[] arguments = [.. parse.Tokens.Select(token => token.Value)];
            int own = parse.Tokens.ToList().FindIndex(token => token.Type == TokenType.Command) + 1;
            BenchRequest request = new()
            {
                Image = parse.GetValue(image),
                Runs = parse.GetValue(runs),
                Tokens = parse.GetValue(tokens),
                Sequences = parse.GetValue(sequences) is { Length: > 0 } counts ? counts : [1, 2, 4, 8],
                WarmOnly = parse.GetValue(warm),
                Versus = parse.GetValue(versus),
                Answers = parse.GetValue(answers),
                Synthetic = parse.GetValue(synthetic),
                Type = parse.GetValue(type),
                Keep = parse.GetValue(keep),
                Arguments = (arguments[..own], arguments[own..]),
            };
            return CommandHost.RunAsync<BenchTask>(parse, (task, cancellationToken) => task.RunAsync(request, cancellationToken));
        });
        return command;
    }

    private static BenchSide? ParseVersus(ArgumentResult result)
    {
        string name = result.Tokens[0].Value;
        if (name == "baseline") return BenchSide.Baseline;
        if (name == "llamasharp") return BenchSide.LLamaSharp;
        result.AddError($"--vs '{name}' is not known; expected {Sides}.");
        return null;
    }

    /// <summary>Ascending numbers, 1 among them: it costs nothing more.</summary>
    private static int[] ParseCounts(ArgumentResult result)
    {
        SortedSet<int> counts = [1];
        foreach (string text in result.Tokens[0].Value.Split(','))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostSequences) counts.Add(count);
            else result.AddError($"--sequences has '{text}'; expected numbers from 1 to {MostSequences}, as in 1,2,4,8.");
        }

        return [.. counts];
    }
}
