using System.CommandLine;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf imatrix --images DIR --out FILE".</summary>
internal static class ImatrixCommand
{
    public static Command Create()
    {
        PathOption output = new("--out") { Description = "The file to write, in llama.cpp's GGUF format.", HelpName = "FILE", Required = true };
        PathsOption earlier = new("--add") { Description = "The file of an earlier run, which is added up with this one; may be given several times.", HelpName = "FILE" };
        SampleOptions samples = new();
        Command command = new("imatrix", "Gather an importance matrix for 'quantize': what a model's matrices are multiplied with.") { output, earlier };
        samples.AddTo(command);
        command.SetAction((parse, _) => CommandHost.RunAsync<ImportanceTask>(
            parse,
            (task, cancellationToken) => task.RunAsync(parse.GetRequiredValue(output), parse.GetValue(earlier) ?? [], samples.Read(parse), cancellationToken)));
        return command;
    }
}
