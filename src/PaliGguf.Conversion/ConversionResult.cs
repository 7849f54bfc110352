namespace PaliGguf.Conversion;

/// <summary>The two files of a converted model.</summary>
/// <param name="Name">The model's name, as in <c>general.name</c>.</param>
/// <param name="TextPath">The full path of the text model, <c>NAME-TYPE.gguf</c>.</param>
/// <param name="TextBytes">Its size.</param>
/// <param name="VisionPath">The full path of the vision model, <c>mmproj-NAME-TYPE.gguf</c>.</param>
/// <param name="VisionBytes">Its size.</param>
public sealed record ConversionResult(string Name, string TextPath, long TextBytes, string VisionPath, long VisionBytes)
{
    /// <summary>What a user should know of the source: settings that no file carries, or that are unknown; a line each, with the
    /// file.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
