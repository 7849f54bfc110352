using System.CommandLine;
using PaliGguf.Cli.Benchmarks;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf bench [IMAGE]".</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        Argument<string?> image = new("IMAGE") { Description = "A picture. Default: a synthetic one.", Arity = ArgumentArity.ZeroOrOne };
        Option<int> runs = new("--runs") { Description = "How many runs the medians are of. Default: 5.", HelpName = "N", DefaultValueFactory = _ => 5 };
        Option<int> tokens = new("--tokens") { Description = "How many tokens to decode. Default: 32.", HelpName = "N", DefaultValueFactory = _ => 32 };
        Command command = new("bench", "Measure loading, vision, prefix, decoding and memory.") { image, runs, tokens };
        command.SetAction((parse, _) => CommandHost.RunAsync<BenchTask>(
            parse, (task, cancellationToken) => task.RunAsync(parse.GetValue(image), parse.GetValue(runs), parse.GetValue(tokens), cancellationToken)));
        return command;
    }
}
