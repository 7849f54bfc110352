using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>A file stored anew as --json prints it.</summary>
internal sealed record QuantizationJson(string Path, long SourceBytes, long Bytes, double BitsPerWeight)
{
    public static QuantizationJson From(QuantizationResult result) => new(result.Path, result.SourceBytes, result.Bytes, Math.Round(result.BitsPerWeight, 3));
}
