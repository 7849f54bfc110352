using System.CommandLine;
using PaliGguf.Cli.Adapters;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf adapter DIR --model TEXT.gguf --out FILE".</summary>
internal static class AdapterCommand
{
    public static Command Create()
    {
        Argument<string> source = new("DIR")
        {
            Description = "The LoRA adapter: a PEFT folder with adapter_config.json and adapter_model.safetensors, or the name of one "
                + "that was pulled.",
        };
        PathOption output = new("--out") { Description = "The GGUF file to write.", HelpName = "FILE", Required = true };
        Option<string> type = new("--type") { Description = "How the factors are stored. Default: f16." };
        type.AcceptOnlyFromAmong("f32", "f16");
        Command command = new("adapter", "Convert a LoRA adapter of the text model to a GGUF file for --lora; --model names the model that it is for.") { source, output, type };
        command.SetAction((parse, _) => CommandHost.RunAsync<AdapterTask>(parse, (task, cancellationToken) => task.RunAsync(
            PulledName.Folder(parse.GetRequiredValue(source)), parse.GetRequiredValue(output), parse.GetValue(type) == "f32"
                ? ModelFileType.F32 : ModelFileType.F16, cancellationToken)));
        return command;
    }
}
