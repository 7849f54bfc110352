using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Stores a file anew and prints what came of it.</summary>
internal sealed class QuantizationTask(Terminal terminal, UserSettings settings)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(QuantizationOptions options, CancellationToken cancellationToken)
    {
        QuantizationResult result;
        await using (SlowStatus status = new(terminal, "reading the file"))
        {
            result = await ModelQuantizer.QuantizeAsync(options, new ConversionStatus(status), cancellationToken);
        }

        if (settings.Json) terminal.WriteJson(QuantizationJson.From(result), ConversionsJson.Default.QuantizationJson);
        else terminal.WriteLine($"{result.Path}  {Quantity.Bytes(result.Bytes)}, {result.BitsPerWeight:0.00} bits per weight, from {Quantity.Bytes(result.SourceBytes)}");
        return ExitCode.Success;
    }
}
