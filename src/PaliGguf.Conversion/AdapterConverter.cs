using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Conversion;

/// <summary>
/// Turns LoRA adapters of the text model into GGUF files that a loaded model can switch on and off (<see cref="ModelOptions.Adapters"/>). What also touches
/// the vision tower or the projector is merged instead (<see cref="ConversionOptions.Adapters"/>).
/// </summary>
public static class AdapterConverter
{
    /// <summary>Converts an adapter.</summary>
    /// <param name="options">What to convert, and how.</param>
    /// <param name="cancellationToken">Stops the conversion; nothing of it remains.</param>
    /// <exception cref="ModelFormatException">A file is malformed, or the adapter does not fit the model; all unfit modules are listed.</exception>
    /// <exception cref="FileNotFoundException">The model does not exist.</exception>
    /// <exception cref="PaliException">The file can not be written.</exception>
    /// <exception cref="OperationCanceledException">The conversion was cancelled.</exception>
    public static Task<AdapterConversionResult> ConvertAsync(AdapterConversionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(options.Source)) throw new ArgumentException("The source is empty.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.Model)) throw new ArgumentException("The model is empty.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.OutputPath)) throw new ArgumentException("The output path is empty.", nameof(options));
        if (options.Type is not (ModelFileType.F16 or ModelFileType.F32)) throw new ArgumentException($"Adapters are stored as F16 or F32, not {options.Type}.", nameof(options));
        return Task.Run(() => Convert(options, cancellationToken), cancellationToken);
    }

    private static AdapterConversionResult Convert(AdapterConversionOptions options, CancellationToken cancellationToken)
    {
        string output = Path.GetFullPath(options.OutputPath);
        try
        {
            ConversionWarnings warnings = new();
            using PeftAdapter adapter = PeftAdapter.Open(options.Source, warnings);
            using GgufFile model = GgufFile.Open(options.Model);
            TextModelLayout layout = TextModelLayout.Read(model);
            AdapterGguf.Plan(adapter, model, layout.Architecture, options.Type).Write(output, _ => { }, cancellationToken);
            return new AdapterConversionResult(output, new FileInfo(output).Length, adapter.Updates.Count) { Warnings = warnings.All };
        }
        catch (Exception e) when (e is IOException and not FileNotFoundException or UnauthorizedAccessException)
        {
            throw new ConversionException($"{output}: the conversion failed: {OneLine.Show(e.Message)}", e);
        }
    }
}
