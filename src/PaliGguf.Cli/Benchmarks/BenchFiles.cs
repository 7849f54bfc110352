using PaliGguf.Cli.Conversions;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Terminals;
using PaliGguf.Conversion;
using PaliGguf.Gguf;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>The files that are measured: the model's pair, and for the baseline a tower of 16-bit weights. Those that are not to stay are removed when disposed.</summary>
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

    /// <summary>The baseline's; null where that is not measured.</summary>
    public string? BaselineVision { get; private set; }

    /// <summary>Each of them once.</summary>
    public IReadOnlyList<string> All => [.. new[] { Text, Vision, BaselineVision ?? Vision }.Distinct(StringComparer.Ordinal)];

    /// <summary>Finds or makes them.</summary>
    /// <exception cref="PaliException">The model is not sound, or there is no room on the disk.</exception>
    public async Task PrepareAsync(BenchRequest request, ModelLoader loader, Terminal terminal, CancellationToken cancellationToken)
    {
        ModelFiles files = request.Synthetic is { } size
            ? await SynthesizeAsync(size, request.Type ?? ModelFileType.Q4_0, request.Keep, terminal, cancellationToken)
            : loader.Find();
        (_text, _vision) = (Path.GetFullPath(files.Text), Path.GetFullPath(files.Vision));
        if (request.WithBaseline) BaselineVision = await WidenAsync(Vision, request.Keep, terminal, cancellationToken);
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

        string name = Path.GetFileNameWithoutExtension(vision);
        int type = name.LastIndexOf('-');
        string output = Path.Combine(keep ?? _folder.Value.Path, $"{(type > 0 ? name[..type] : name)}-{ModelFileType.F16}.gguf");
        if (keep is not null && File.Exists(output)) return output;
        await using SlowStatus status = new(terminal, "storing the vision tower in 16 bits");
        QuantizationOptions options = new() { Source = vision, Type = ModelFileType.F16, Output = output, AllowRequantizing = true };
        return (await ModelQuantizer.QuantizeAsync(options, new ConversionStatus(status), cancellationToken)).Path;
    }
}
