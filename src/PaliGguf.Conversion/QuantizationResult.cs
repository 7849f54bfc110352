namespace PaliGguf.Conversion;

/// <summary>A file that was stored anew.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="SourceBytes">The size of the file that it was made from.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="BitsPerWeight">The bits that an element takes on average, scales and tensors of higher precision included.</param>
public sealed record QuantizationResult(string Path, long SourceBytes, long Bytes, double BitsPerWeight);
