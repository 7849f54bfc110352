using PaliGguf.Conversion;

namespace PaliGguf.Cli.Conversions;

/// <summary>The files of a conversion as --json prints them.</summary>
internal sealed record ConversionJson(
    string Name, string TextPath, long TextBytes, string VisionPath, long VisionBytes, IReadOnlyList<string> Warnings)
{
    public static ConversionJson From(ConversionResult result) =>
        new(result.Name, result.TextPath, result.TextBytes, result.VisionPath, result.VisionBytes, result.Warnings);
}

/// <summary>The file of a converted BERT as --json prints it.</summary>
internal sealed record BertConversionJson(string Name, string Path, long Bytes, int Layer)
{
    public static BertConversionJson From(BertConversionResult result) => new(result.Name, result.Path, result.Bytes, result.Layer);
}
