using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;

namespace PaliGguf.Cli.Adapters;

/// <summary>Converts an adapter for the model that is set, and prints the file.</summary>
internal sealed class AdapterTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="source">The PEFT folder.</param>
    /// <param name="output">The GGUF file.</param>
    /// <param name="type">How the factors are stored.</param>
    /// <param name="cancellationToken">Ends it; nothing of it remains.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string source, string output, ModelFileType type, CancellationToken cancellationToken)
    {
        string model = Directory.Exists(loader.Path) ? ModelFiles.Find(loader.Path, settings.Vision).Text : loader.Path;
        AdapterConversionOptions options = new() { Source = source, Model = model, OutputPath = output, Type = type };
        AdapterConversionResult result = await AdapterConverter.ConvertAsync(options, cancellationToken);
        foreach (string warning in result.Warnings) ErrorLine.Print($"warning: {warning}");
        if (settings.Json) terminal.WriteJson(new AdapterJson(result.Path, result.Bytes, result.Modules), AdaptersJson.Default.AdapterJson);
        else terminal.WriteLine($"{result.Path}  {Quantity.Bytes(result.Bytes)}, {result.Modules} modules");
        return ExitCode.Success;
    }
}
