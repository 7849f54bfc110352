using System.CommandLine;
using System.CommandLine.Parsing;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf synth 3b-224 --out DIR".</summary>
internal static class SynthCommand
{
    public static readonly string Names = string.Join(", ", ModelSize.All.Select(size => size.Name));

    public static Command Create()
    {
        Argument<ModelSize?> size = new("SIZE") { Description = $"The shapes: {Names}.", CustomParser = ParseSize };
        PathOption output = new("--out") { Description = "Where the files go; created when it does not exist.", HelpName = "DIR", Required = true };
        Option<ModelFileType?> type = TypeOptions.File("--type", "Write a GGUF pair of this type. Default: a checkpoint in Hugging Face layout, in bf16.");
        Option<ModelFileType?> visionType = TypeOptions.File("--vision-type", "The type of the pair's vision half. Default: the one that 'convert' chooses.");
        Option<int> seed = new("--seed") { Description = "The seed of the random numbers. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Command command = new("synth", "Write a model of random numbers with the shapes of a published one, to measure with.") { size, output, type, visionType, seed };
        command.SetAction((parse, _) =>
        {
            SynthesisOptions options = new()
            {
                Size = parse.GetRequiredValue(size)!,
                OutputFolder = parse.GetRequiredValue(output),
                Type = parse.GetValue(type),
                VisionType = parse.GetValue(visionType),
                Seed = parse.GetValue(seed),
            };
            return CommandHost.RunAsync<SynthesisTask>(parse, (task, cancellationToken) => task.RunAsync(options, cancellationToken));
        });
        return command;
    }

    /// <summary>A size by its name.</summary>
    public static ModelSize? ParseSize(ArgumentResult result)
    {
        if (ModelSize.TryParse(result.Tokens[0].Value, out ModelSize? size)) return size;
        result.AddError($"'{result.Tokens[0].Value}' is no size; expected one of {Names}.");
        return null;
    }
}
