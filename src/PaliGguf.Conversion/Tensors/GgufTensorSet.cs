using Microsoft.Win32.SafeHandles;
using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// The tensors of a GGUF file as they are to be stored anew. A vision tower whose MLP has a width that blocks of 32 do not divide, as files by other converters have
/// it, gets rows and columns of zeros up to the next one that they do, which changes nothing in what it computes.
/// </summary>
internal sealed class GgufTensorSet
{
    private const string WidthKey = "clip.vision.embedding_length";
    private const string FeedForwardKey = "clip.vision.feed_forward_length";
    private const int Block = 32;
    private readonly string _path;

    private GgufTensorSet(string path, IReadOnlyList<PlannedTensor> tensors, IReadOnlyDictionary<string, uint> replacedKeys)
    {
        _path = path;
        Tensors = tensors;
        ReplacedKeys = replacedKeys;
    }

    public IReadOnlyList<PlannedTensor> Tensors { get; }

    /// <summary>Keys that get other values than they have in the file.</summary>
    public IReadOnlyDictionary<string, uint> ReplacedKeys { get; }

    /// <summary>Takes all tensors of a file.</summary>
    /// <exception cref="ModelFormatException">A tensor is of a kind that can not be stored anew.</exception>
    public static GgufTensorSet Read(GgufFile file, SafeFileHandle handle)
    {
        List<PlannedTensor> tensors = [];
        foreach (GgufTensor tensor in file.Tensors)
        {
            if (!tensor.Type.HoldsWeights) throw new ModelFormatException(file.Path, $"tensor {OneLine.Show(tensor.Name)} is {tensor.Type}, which is no type of weights");
            tensors.Add(new PlannedTensor(tensor.Name, RoleOf(tensor, file), new GgufSourceTensor(handle, file.Path, tensor)));
        }

        bool whole = !file.Metadata.TryGetUInt32(FeedForwardKey, out uint width) || width % Block == 0 || width > int.MaxValue;
        if (whole || (file.Metadata.TryGetUInt32(WidthKey, out uint outer) && outer == width)) return new(file.Path, tensors, new Dictionary<string, uint>());
        uint padded = (width + Block - 1) / Block * Block;
        return new(file.Path, tensors.ConvertAll(tensor => Pad(tensor, width, padded)), new Dictionary<string, uint> { [FeedForwardKey] = padded });
    }

    /// <summary>Refuses to store anew what has lost too much already.</summary>
    /// <exception cref="ConversionException">A matrix has less than 8 bits.</exception>
    public void RequirePrecision(ModelFileType type)
    {
        GgufTensor? coarse = Tensors.Select(tensor => tensor.Source).OfType<GgufSourceTensor>().Select(source => source.Stored)
            .FirstOrDefault(stored => stored.Type.IsQuantized && stored.Type != GgmlType.Q8_0);
        if (coarse is null) return;
        throw new ConversionException(
            $"{_path}: {OneLine.Show(coarse.Name)} is {coarse.Type} already, and storing it as {type} would lose more: quantize the F16 or Q8_0 file, or insist with --allow-requantize");
    }

    private static TensorRole RoleOf(GgufTensor tensor, GgufFile file) => tensor.Name switch
    {
        "v.patch_embd.weight" => TensorRole.PreciseMatrix,
        MlpProjector.FirstMatrix when file.FindTensor(MlpProjector.SecondMatrix) is not null => TensorRole.PreciseMatrix,
        "v.position_embd.weight" => TensorRole.Exact,
        _ when tensor.Name.StartsWith(MaskLayout.Prefix, StringComparison.Ordinal) => tensor.Type switch
        {
            GgmlType.F16 => TensorRole.Half,
            GgmlType.Q8_0 => TensorRole.Quarter,
            _ => TensorRole.Exact,
        },
        _ when tensor.Shape.Length == 1 => TensorRole.Exact,
        _ => TensorRole.Matrix,
    };

    private static PlannedTensor Pad(PlannedTensor tensor, uint width, uint padded)
    {
        // The two products of the MLP, whichever of their names a converter gave to which: their common dimension tells.
        if (!tensor.Name.StartsWith("v.blk.", StringComparison.Ordinal) || !tensor.Name.Contains(".ffn_", StringComparison.Ordinal)) return tensor;
        long[] shape = [.. tensor.Source.Shape.Select(size => size == width ? padded : size)];
        return !shape.SequenceEqual(tensor.Source.Shape) ? tensor with { Source = new PaddedTensor(tensor.Source, shape) } : tensor;
    }
}
