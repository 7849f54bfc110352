using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Fuzz.Targets;

/// <summary>What the tensors and the tokenizer of a checkpoint are stored in.</summary>
internal static class CheckpointTargets
{
    // One tensor of one float, named a.
    private static readonly byte[] Shard =
        [55, 0, 0, 0, 0, 0, 0, 0, .. """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} """u8, 0, 0, 0, 0];


    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        Of("safetensors", "model.safetensors", path =>
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
        }),
        Of("safetensors-index", "model.safetensors.index.json", path =>
        {
            string folder = Path.GetDirectoryName(path)!;
            File.WriteAllBytes(Path.Combine(folder, "model-00001-of-00001.safetensors"), Shard);
            using HuggingFaceCheckpoint checkpoint = HuggingFaceCheckpoint.Open(folder);
        }),
        Of("npz", "checkpoint.npz", path =>
        {
            using NpzFile file = NpzFile.Open(path, Path.GetDirectoryName(path)!);
            Span<float> elements = stackalloc float[16];
            foreach (string name in file.Names)
            {
                NpzArray array = file.Array(name);
                long count = array.Shape.Aggregate(1L, (product, length) => product * length);
                array.Read(0, elements[..(int)Math.Min(count, elements.Length)]);
            }
        }),
        new("npy", input => NpyHeader.Read(new MemoryStream(input)), failure => failure is FormatException or EndOfStreamException),
        new("sentencepiece", input => SentencePieceModel.Parse(input, "tokenizer.model"), failure => failure is ModelFormatException),
    ];

    private static FuzzTarget Of(string name, string file, Action<string> read) =>
        FuzzTarget.OfFile(name, file, read, failure => failure is ModelFormatException);
}
