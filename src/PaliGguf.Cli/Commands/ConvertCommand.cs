using System.CommandLine;
using PaliGguf.Cli.Adapters;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf convert DIR --out DIR".</summary>
internal static class ConvertCommand
{
    private const string Keep = "keep";
    private const string Context = "context";

    public static Command Create()
    {
        Argument<string> source = new("DIR") { Description = "The checkpoint: a Hugging Face folder of PaliGemma or PaliGemma 2." };
        Option<string> output = new("--out") { Description = "Where the two GGUF files go; created when it does not exist.", HelpName = "DIR", Required = true };
        Option<string> type = new("--type") { Description = "How matrices are stored. Default: q8_0." };
        type.AcceptOnlyFromAmong("f32", "f16", "bf16", "q8_0");
        Option<string> name = new("--name") { Description = "The model's name, which both file names contain. Default: the folder's name.", HelpName = "NAME" };
        Option<string> window = new("--sliding-window")
        {
            Description = "'context' writes a window as long as the context, as in the original training code (the default); 'keep' the checkpoint's own.",
        };
        window.AcceptOnlyFromAmong(Context, Keep);
        Option<string> maskDecoder = new("--mask-decoder")
        {
            Description = "The weights that turn the codewords of 'segment' into masks (vae-oid.npz). Default: the one in DIR, if there is one.",
            HelpName = "FILE",
        };
        Option<string[]> adapters = new("--adapter")
        {
            Description = "A LoRA adapter (a PEFT folder) to merge into the weights; 'DIR:0.5' adds half of it. May be given several times.",
            HelpName = "DIR[:SCALE]",
        };

        Command command = new("convert", "Convert a checkpoint to a pair of GGUF files.") { source, output, type, name, window, maskDecoder, adapters };
        command.SetAction((parse, _) =>
        {
            ConversionOptions options = new()
            {
                Source = parse.GetRequiredValue(source),
                OutputFolder = parse.GetRequiredValue(output),
                Type = parse.GetValue(type) switch
                {
                    "f32" => ModelFileType.F32,
                    "f16" => ModelFileType.F16,
                    "bf16" => ModelFileType.BF16,
                    _ => ModelFileType.Q8_0,
                },
                Name = parse.GetValue(name),
                KeepSlidingWindow = parse.GetValue(window) == Keep,
                MaskDecoder = parse.GetValue(maskDecoder),
                Adapters = [.. (parse.GetValue(adapters) ?? []).Select(ScaledPath.Parse).Select(adapter => new AdapterSource(adapter.Path, adapter.Scale))],
            };
            return CommandHost.RunAsync<ConversionTask>(parse, (task, cancellationToken) => task.RunAsync(options, cancellationToken));
        });
        return command;
    }
}
