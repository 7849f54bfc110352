using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>Where the tensors of a model are taken from, one after the other, under their short names (<see cref="TensorNames"/>).</summary>
internal interface ITensorSet
{
    /// <summary>Takes a tensor.</summary>
    /// <param name="shortName">Its short name.</param>
    /// <param name="shape">The shape that it must have, outermost dimension first.</param>
    /// <returns>Null when it is missing or unfit; the set tells so when all have been taken.</returns>
    SourceTensor? Take(string shortName, params ReadOnlySpan<long> shape);
}
