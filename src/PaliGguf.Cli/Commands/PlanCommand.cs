using System.CommandLine;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Plans;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf plan".</summary>
internal static class PlanCommand
{
    private const string Train = "--train";

    /// <summary>The trainer's arguments, where a fine-tuning run is to be planned; null otherwise.</summary>
    public static string[]? OfTraining(string[] arguments) =>
        arguments is ["plan", .. string[] rest] && rest.Contains(Train) ? ["plan", .. rest.Where(argument => argument != Train)] : null;

    public static Command Create()
    {
        Option<string?> size = new("--size") { Description = "Plan for a published size instead of a model: 3b, 10b, 28b or v1-3b, in each type.", HelpName = "SIZE" };
        Option<int> resolution = new("--resolution") { Description = "Its resolution: 224 (the default), 448 or 896.", HelpName = "PX", DefaultValueFactory = _ => 224 };
        Option<ModelFileType?> type = TypeOptions.File("--type", "Only this type of it.");
        Option<int> images = new("--images") { Description = "Pictures per prompt. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<int> sequences = new("--sequences") { Description = "Requests side by side; 0 for as many as fit. Default: 1.", HelpName = "N", DefaultValueFactory = _ => 1 };
        Option<bool> train = new(Train)
        {
            Description = "Plan a run of 'train' with its options, and --text-tokens for the longest example.",
        };
        Command command = new(
            "plan", "Show what a model needs on each device, and what fits, before it is loaded or even there.") { size, resolution, type,
            images, sequences, train };
        command.SetAction((parse, _) => CommandHost.RunAsync<PlanTask>(parse, (task, cancellationToken) => Task.Run(
            () => task.Run(new PlanRequest(parse.GetValue(size), parse.GetValue(resolution), parse.GetValue(type), parse.GetValue(images), parse.GetValue(sequences))), cancellationToken)));
        return command;
    }
}
