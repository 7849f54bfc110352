using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>The tensors that are made of a checkpoint's arrays, under the names that they have in a Hugging Face checkpoint.</summary>
internal sealed class BigVisionViews(BigVisionArrays arrays)
{
    private readonly TransposedBand _band = new();

    public Dictionary<string, SourceTensor> Tensors { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes a tensor of an array, unless it is missing or unfit.</summary>
    /// <param name="target">The tensor's short name.</param>
    /// <param name="array">The array's name.</param>
    /// <param name="shape">The array's shape.</param>
    /// <param name="view">What the tensor is of it; the array itself if null.</param>
    public void Add(string target, string array, IReadOnlyList<long> shape, Func<SourceTensor, SourceTensor>? view = null)
    {
        if (arrays.Take(array, shape) is { } source) Add(target, view is null ? source : view(source));
    }

    /// <summary>Makes tensors of an array that every layer has.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="array">The array's name within a layer.</param>
    /// <param name="shape">The array's shape within a layer.</param>
    /// <param name="targets">The tensors' short names, with {0} for the layer, and what they are of the array.</param>
    public void AddLayers(LayerStack layers, string array, long[] shape, params ReadOnlySpan<(string Target, Func<SourceTensor, SourceTensor> View)> targets)
    {
        foreach ((int layer, SourceTensor source) in layers.Take(array, shape))
        {
            foreach ((string target, Func<SourceTensor, SourceTensor> view) in targets) Add(target.Replace("{0}", $"{layer}", StringComparison.Ordinal), view(source));
        }
    }

    /// <summary>The transpose of a matrix.</summary>
    public SourceTensor Transposed(SourceTensor matrix, long rows, long columns) => new TransposedTensor(matrix, rows, columns, _band, columns, rows);

    /// <summary>A matrix [heads * head size, width], of one matrix [width, head size] for each head.</summary>
    public SourceTensor Heads(SourceTensor matrices, long width, long headSize) =>
        new TransposedTensor(matrices, width, headSize, _band, matrices.Count / width, width);

    /// <summary>A part of an array of equal parts, such as the key's of [key, value].</summary>
    public static SourceTensor Part(SourceTensor array, int part, int parts) => new SlicedTensor(array, array.Count / parts * part, array.Count / parts);

    private void Add(string target, SourceTensor tensor) => Tensors.Add(TensorNames.Spell(target, newGeneration: false), tensor);
}
