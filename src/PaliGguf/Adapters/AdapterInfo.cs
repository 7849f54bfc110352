namespace PaliGguf.Adapters;

/// <summary>A LoRA adapter that is loaded.</summary>
/// <param name="Name">What requests call it.</param>
/// <param name="Path">Its file.</param>
/// <param name="Scale">How much of it requests use that do not say.</param>
/// <param name="Modules">How many of the decoder's matrices it adapts.</param>
/// <param name="LargestRank">The largest rank among them.</param>
/// <param name="Bytes">Bytes of its weights.</param>
public sealed record AdapterInfo(string Name, string Path, float Scale, int Modules, int LargestRank, long Bytes);
