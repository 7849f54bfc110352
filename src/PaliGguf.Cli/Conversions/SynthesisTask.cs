using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>Writes a synthetic model and prints its files.</summary>
internal sealed class SynthesisTask(Terminal terminal, UserSettings settings)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(SynthesisOptions options, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> paths;
        await using (SlowStatus status = new(terminal, "making random numbers"))
        {
            paths = await CheckpointSynthesizer.SynthesizeAsync(options, new ConversionStatus(status), cancellationToken);
        }

        SynthesisJson result = new(options.Size.Name, [.. paths.Select(path => new WrittenFileJson(path, new FileInfo(path).Length))]);
        if (settings.Json) terminal.WriteJson(result, ConversionsJson.Default.SynthesisJson);
        else foreach (WrittenFileJson file in result.Files) terminal.WriteLine($"{file.Path}  {Quantity.Bytes(file.Bytes)}");
        return ExitCode.Success;
    }
}
