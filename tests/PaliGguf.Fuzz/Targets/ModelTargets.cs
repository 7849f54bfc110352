using PaliGguf.Adapters;
using PaliGguf.Conversion;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation.Encoders;
using PaliGguf.Gguf;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Fuzz.Targets;

/// <summary>Files that hold models, or are made for one.</summary>
internal static class ModelTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("gguf", ReadAll),
        Of("gguf-text", file => TextModelLayout.Read(file)),
        Of("gguf-tokenizer", file => TokenizerLayout.Read(file)),
        Of("gguf-vision", file => VisionLayout.Read(file)),
        Of("gguf-bert", file => BertLayout.Read(file)),
        Of("gguf-adapter", file =>
        {
            using GgufFile model = GgufFile.Open(Path.Combine(AppContext.BaseDirectory, "model.gguf"));
            AdapterLayout.Read(file, model);
        }),
        FuzzTarget.OfFile("imatrix", "input", path => ImportanceMatrix.Read(path), IsRefusal),
    ];

    private static FuzzTarget Of(string name, Action<GgufFile> read) => FuzzTarget.OfFile(
        name,
        "input",
        path =>
        {
            using GgufFile file = GgufFile.Open(path);
            read(file);
        },
        IsRefusal);

    private static bool IsRefusal(Exception failure) => failure is ModelFormatException or ConversionException;

    private static void ReadAll(GgufFile file)
    {
        foreach (GgufMetadataEntry entry in file.Metadata.Entries) _ = (entry.Key, entry.Value);
        foreach (GgufTensor tensor in file.Tensors) _ = (tensor.Name, tensor.ByteLength);
    }
}
