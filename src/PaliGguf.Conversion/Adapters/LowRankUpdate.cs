using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Adapters;

/// <summary>What an adapter adds to one matrix: <c>Scale * B A</c>.</summary>
/// <param name="Module">The module's path as the adapter has it.</param>
/// <param name="Target">The matrix under its short name (<see cref="Tensors.TensorNames"/>).</param>
/// <param name="A">Rank x inputs; the inputs of a convolution are channels x height x width.</param>
/// <param name="B">Outputs x rank, with sizes of 1 after them for a convolution.</param>
/// <param name="Scale">The adapter's own factor.</param>
internal sealed record LowRankUpdate(string Module, string Target, SourceTensor A, SourceTensor B, double Scale)
{
    public int Rank { get; } = checked((int)A.Shape[0]);

    /// <summary>The shape of the matrix that it is for.</summary>
    public IReadOnlyList<long> Shape { get; } = [B.Shape[0], .. A.Shape.Skip(1)];
}
