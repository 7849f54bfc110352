namespace PaliGguf.Conversion;

/// <summary>Which adapter becomes a GGUF file, and how.</summary>
public sealed class AdapterConversionOptions
{
    /// <summary>The folder that PEFT saved: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The text GGUF that the adapter is for, of any type: tells the architecture and the shapes.</summary>
    public required string Model { get; init; }

    /// <summary>The GGUF file to write; its folder exists.</summary>
    public required string OutputPath { get; init; }

    /// <summary>How the factors are stored: <see cref="ModelFileType.F16"/>, or <see cref="ModelFileType.F32"/> for exactness.</summary>
    public ModelFileType Type { get; init; } = ModelFileType.F16;
}

/// <summary>The file of a converted adapter.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modules">How many matrices it adapts.</param>
public sealed record AdapterConversionResult(string Path, long Bytes, int Modules)
{
    /// <summary>What of the source was not taken over: a line each, with the file.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
