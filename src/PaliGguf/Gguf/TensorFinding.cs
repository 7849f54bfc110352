namespace PaliGguf.Gguf;

/// <summary>What is in a tensor.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="LargestMagnitude">The largest of its finite numbers, without sign.</param>
/// <param name="NonFinite">How many of its elements are infinite or not a number.</param>
/// <param name="FirstNonFinite">The index of the first of these in the file's order; -1 if there is none.</param>
public sealed record TensorFinding(GgufTensor Tensor, float LargestMagnitude, long NonFinite, long FirstNonFinite);
