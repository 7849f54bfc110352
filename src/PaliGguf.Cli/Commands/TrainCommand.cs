using System.CommandLine;
using PaliGguf.Cli.Training;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf train DATA --out DIR": what help lists. <see cref="CommandLine"/> hands its arguments to the trainer before they are parsed.</summary>
internal static class TrainCommand
{
    public static Command Create() => new(TrainerProgram.Command, "Fine-tune a model on the GGUF pair that will run (needs 'dotnet build src/PaliGguf.Training').");
}
