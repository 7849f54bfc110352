using System.CommandLine;
using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Hosting;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Commands;

/// <summary>"paligguf quantize IN.gguf TYPE".</summary>
internal static class QuantizeCommand
{
    public static Command Create()
    {
        PathArgument source = new("FILE") { Description = "The text or the vision GGUF, best in f16." };
        Argument<ModelFileType> type = TypeOptions.FileArgument("How matrices are to be stored: q4_0, q4_k_m, q5_k_m, q6_k, q8_0, iq4_xs, ...; for a vision file f16, bf16, q8_0, q5_0, q4_0, ...");
        PathOption output = new("--out") { Description = "The file to write. Default: FILE with its type replaced (NAME-TYPE.gguf), beside it.", HelpName = "FILE" };
        Option<VisionForm?> visionForm = TypeOptions.Form();
        Option<GgmlType?> embedding = TypeOptions.Embedding();
        PathOption importance = TypeOptions.Importance();
        Option<bool> again = new("--allow-requantize") { Description = "Also from a file with less than 8 bits, which loses more." };
        Command command = new("quantize", "Store a GGUF file's matrices in another type.")
        {
            source, type, output, visionForm, embedding, importance, again,
        };
        command.SetAction((parse, _) =>
        {
            QuantizationOptions options = new()
            {
                Source = parse.GetRequiredValue(source),
                Type = parse.GetRequiredValue(type),
                Output = parse.GetValue(output),
                VisionForm = parse.GetValue(visionForm),
                EmbeddingType = parse.GetValue(embedding),
                ImportanceMatrix = parse.GetValue(importance),
                AllowRequantizing = parse.GetValue(again),
            };
            return CommandHost.RunAsync<QuantizationTask>(parse, (task, cancellationToken) => task.RunAsync(options, cancellationToken));
        });
        return command;
    }
}
