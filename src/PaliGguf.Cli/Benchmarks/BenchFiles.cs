using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;
using PaliGguf.Gguf;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// The files that are measured: the model's pair, and the tower as the other side has it. Those that are not to stay are removed when
/// disposed.
/// </summary>
internal sealed class BenchFiles : IDisposable
{
    /// <summary>A matrix whose type is the tower's.</summary>
    public const string TowerMatrix = "v.blk.0.attn_q.weight";

    private readonly Lazy<TemporaryFolder> _folder = new(() => new TemporaryFolder());
    private string? _text;
    private string? _vision;

    /// <summary>The text GGUF of both sides.</summary>
    public string Text => _text ?? throw new InvalidOperationException("The files are not prepared.");

    /// <summary>The vision GGUF.</summary>
    public string Vision => _vision ?? throw new InvalidOperationException("The files are not prepared.");

    /// <summary>The other side's; null where there is none.</summary>
    public string? OtherVision { get; private set; }

    /// <summary>Each of them once.</summary>
    public IReadOnlyList<string> All => [.. new[] { Text, Vision, OtherVision ?? Vision }.Distinct(StringComparer.Ordinal)];

    /// <summary>The type of a vision file's matrices.</summary>
    public static string TowerType(string vision)
    {
        using GgufFile file = GgufFile.Open(vision);
        return file.GetTensor(TowerMatrix).Type.Name;
    }

    /// <summary>Finds or makes them.</summary>
    /// <exception cref="PaliException">The model is not sound, or there is no room on the disk.</exception>
    public async Task PrepareAsync(BenchRequest request, ModelLoader loader, Terminal terminal, CancellationToken cancellationToken)
    {
        ModelFiles files = request.Synthetic is { } size
            ? await SynthesizeAsync(size, request.Type ?? ModelFileType.Q4_0, request.Keep, terminal, cancellationToken)
            : loader.Find();
        (_text, _vision) = (Path.GetFullPath(files.Text), Path.GetFullPath(files.Vision));
        OtherVision = request.Versus switch
        {
            BenchSide.Baseline => await WidenAsync(Vision, request.Keep, terminal, cancellationToken),
            BenchSide.LLamaSharp => await ReformAsync(Vision, request.Keep, terminal, cancellationToken),
            _ => null,
        };
    }

    public void Dispose()
    {
        if (_folder.IsValueCreated) _folder.Value.Dispose();
    }

    private async Task<ModelFiles> SynthesizeAsync(ModelSize size, ModelFileType type, string? keep, Terminal terminal, CancellationToken cancellationToken)
    {
        string folder = keep ?? _folder.Value.Path;
        // Files have their names when they are complete.
        string text = Path.Combine(folder, $"synthetic-{size.Name}-{type}.gguf");
        if (keep is not null && File.Exists(text)) return ModelFiles.Find(text);
        await using SlowStatus status = new(terminal, "making random numbers");
        SynthesisOptions options = new() { Size = size, Type = type, OutputFolder = folder };
        IReadOnlyList<string> written = await CheckpointSynthesizer.SynthesizeAsync(options, new ConversionStatus(status), cancellationToken);
        return new ModelFiles(written[0], written[1]);
    }

    /// <summary>A tower of 16-bit weights, as llama.cpp's tools run it.</summary>
    private async Task<string> WidenAsync(string vision, string? keep, Terminal terminal, CancellationToken cancellationToken)
    {
        using (GgufFile file = GgufFile.Open(vision))
        {
            if (file.FindTensor(TowerMatrix)?.Type == GgmlType.F16) return vision;
        }

        string output = Path.Combine(keep ?? _folder.Value.Path, $"{NameOf(vision)}-{ModelFileType.F16}.gguf");
        if (keep is not null && File.Exists(output)) return output;
        await using SlowStatus status = new(terminal, "storing the vision tower in 16 bits");
        QuantizationOptions options = new() { Source = vision, Type = ModelFileType.F16, Output = output, AllowRequantizing = true };
        return (await ModelQuantizer.QuantizeAsync(options, new ConversionStatus(status), cancellationToken)).Path;
    }

    /// <summary>The same tower, as llama.cpp's own vision library reads it.</summary>
    private async Task<string> ReformAsync(string vision, string? keep, Terminal terminal, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse(TowerType(vision), out ModelFileType type))
        {
            throw new PaliException($"{vision}: there is no file type for a tower of {TowerType(vision)}.");
        }

        string output = Path.Combine(keep ?? _folder.Value.Path, $"{NameOf(vision)}-mlp-{type}.gguf");
        if (keep is not null && File.Exists(output)) return output;
        await using SlowStatus status = new(terminal, "storing the vision tower for libmtmd");
        QuantizationOptions options = new()
        {
            Source = vision,
            Type = type,
            VisionForm = VisionForm.Mlp,
            Output = output,
            AllowRequantizing = true,
        };
        return (await ModelQuantizer.QuantizeAsync(options, new ConversionStatus(status), cancellationToken)).Path;
    }

    /// <summary>A file's name without the type after its last hyphen.</summary>
    private static string NameOf(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int type = name.LastIndexOf('-');
        return type > 0 ? name[..type] : name;
    }
}
