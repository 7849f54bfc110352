using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Conversion.Tensors;

/// <summary>The tensors of the mask decoder, and of the encoder where the file has it: the halves of the published <c>vae-oid.npz</c>, and its
/// codebook.</summary>
internal static class MaskTensors
{
    /// <summary>The array by which such a file is recognised.</summary>
    public const string Codebook = "_vq_vae._embedding";

    private const string Encoder = "encoder.";

    /// <summary>Finds the mask decoder in the folder of a checkpoint.</summary>
    /// <returns>The file, or null if there is none.</returns>
    /// <exception cref="ModelFormatException">There are several, or none and one that can not be read.</exception>
    public static string? Find(string folder)
    {
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*.npz").Where(RegularFile.IsOne);
        List<ModelFormatException> unread = [];
        string[] found = [.. files.Order(StringComparer.Ordinal).Where(path => IsMaskDecoder(path, unread))];
        if (found.Length == 0 && unread is [var first, ..])
        {
            throw new ModelFormatException(
                first.Path, $"{first.Problem.TrimEnd('.')}; it may be the mask decoder: mend it, move it away, or name one with --mask-decoder", first);
        }

        if (found.Length <= 1) return found.FirstOrDefault();
        string names = string.Join(", ", found.Select(path => OneLine.Show(Path.GetFileName(path))));
        throw new ModelFormatException(folder, $"the folder has {found.Length} mask decoders ({names}): choose one with --mask-decoder");
    }

    /// <summary>Reads a mask decoder, into memory: it is small.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">How codebook and weights are stored.</param>
    /// <param name="scratchFolder">Where its arrays are unpacked to for the moment, if they are compressed.</param>
    /// <exception cref="ModelFormatException">The file is malformed, or arrays are missing or unfit; lists the first ten of them, and how many more there are.</exception>
    public static IReadOnlyList<PlannedTensor> Plan(string path, MaskType type, string scratchFolder)
    {
        using NpzFile file = NpzFile.Open(path, scratchFolder);
        List<(string Name, NpzArray Array, MaskType Type)> arrays = [];
        TensorProblems problems = new();
        Add(MaskLayout.Codebook, Codebook, [MaskLayout.CodebookLength, MaskLayout.CodeLength], type);
        IEnumerable<MaskLayer> encoder = file.Names.Any(IsOfEncoder) ? MaskLayout.EncoderLayers : [];
        foreach (MaskLayer layer in MaskLayout.Layers.Concat(encoder))
        {
            string source = SourceOf(layer);
            Add(layer.Weight, source + ".weight", layer.Shape, type);
            Add(layer.Bias, source + ".bias", [layer.Out], MaskType.F32);
        }

        problems.ThrowIfAny(path, "this is not the mask decoder of PaliGemma");
        return arrays.ConvertAll(entry => Load(entry.Name, entry.Array, entry.Type));

        void Add(string name, string source, IReadOnlyList<long> shape, MaskType type)
        {
            if (!file.Names.Contains(source))
            {
                problems.AddMissing(source);
                return;
            }

            NpzArray array = file.Array(source);
            if (array.Shape.SequenceEqual(shape)) arrays.Add((name, array, type));
            else problems.AddUnfit(array, shape);
        }
    }

    /// <summary>Says in a vision file's metadata which halves it has.</summary>
    public static void Describe(GgufWriter metadata, IReadOnlyList<PlannedTensor> planned)
    {
        if (planned.Count == 0) return;
        metadata.Set(MaskLayout.VersionKey, MaskLayout.Version);
        bool hasEncoder = planned.Any(tensor => tensor.Name == MaskLayout.EncoderLayers[0].Weight);
        if (hasEncoder) metadata.Set(MaskLayout.EncoderVersionKey, MaskLayout.Version);
    }

    /// <summary>What a layer is called in the published file, without ".weight" and ".bias".</summary>
    internal static string SourceOf(MaskLayer layer) => IsOfEncoder(layer.Name)
        ? Encoder + layer.Name[Encoder.Length..].Replace(".", ".net.", StringComparison.Ordinal)
        : "decoder." + layer.Name.Replace(".", ".net.", StringComparison.Ordinal);

    private static PlannedTensor Load(string name, NpzArray array, MaskType type)
    {
        long row = array.Count / array.Shape[0];
        if (type == MaskType.Q8_0 && row % GgmlType.Q8_0.BlockSize == 0)
            return new PlannedTensor(name, TensorRole.Quarter, new LoadedTensor(array, [array.Shape[0], row]));
        return new PlannedTensor(name, type == MaskType.F16 ? TensorRole.Half : TensorRole.Exact, new LoadedTensor(array, array.Shape));
    }

    private static bool IsOfEncoder(string name) => name.StartsWith(Encoder, StringComparison.Ordinal);

    // Other archives may lie in the folder for other purposes.
    private static bool IsMaskDecoder(string path, List<ModelFormatException> unread)
    {
        try
        {
            using NpzFile file = NpzFile.Open(path, Path.GetDirectoryName(path)!);
            return file.Names.Contains(Codebook);
        }
        catch (ModelFormatException failure)
        {
            unread.Add(failure);
            return false;
        }
    }
}
