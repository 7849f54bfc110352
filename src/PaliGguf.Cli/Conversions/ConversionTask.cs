using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Converts a checkpoint and prints the files.</summary>
internal sealed class ConversionTask(Terminal terminal, UserSettings settings)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(ConversionOptions options, CancellationToken cancellationToken)
    {
        ConversionResult result;
        await using (SlowStatus status = new(terminal, "reading the checkpoint"))
        {
            result = await CheckpointConverter.ConvertAsync(options, new ConversionStatus(status), cancellationToken);
        }

        foreach (string warning in result.Warnings) ErrorLine.Print($"warning: {warning}");
        if (settings.Json)
        {
            terminal.WriteJson(ConversionJson.From(result), ConversionsJson.Default.ConversionJson);
        }
        else
        {
            terminal.WriteLine($"{result.TextPath}  {Quantity.Bytes(result.TextBytes)}");
            terminal.WriteLine($"{result.VisionPath}  {Quantity.Bytes(result.VisionBytes)}");
        }

        return ExitCode.Success;
    }

    /// <summary>Likewise for a BERT, which is one file.</summary>
    public async Task<int> RunAsync(BertConversionOptions options, CancellationToken cancellationToken)
    {
        BertConversionResult result;
        await using (SlowStatus status = new(terminal, "reading the checkpoint"))
        {
            result = await BertConverter.ConvertAsync(options, new ConversionStatus(status), cancellationToken);
        }

        if (settings.Json) terminal.WriteJson(BertConversionJson.From(result), ConversionsJson.Default.BertConversionJson);
        else terminal.WriteLine($"{result.Path}  {Quantity.Bytes(result.Bytes)}, layers 1 to {result.Layer}");
        return ExitCode.Success;
    }
}
