using System.Text.Json.Serialization;

namespace PaliGguf.Cli.Evaluations;

/// <summary>What "tokens --json" prints of a mask.</summary>
/// <param name="Suffix">What a model is trained to answer.</param>
/// <param name="Locations">The numbers of the location tokens: top, left, bottom, right, 0 to 1023.</param>
/// <param name="Codewords">The numbers of the mask's sixteen tokens, 0 to 127.</param>
/// <param name="Box">The box in pixels: left, top, right, bottom.</param>
/// <param name="Kept">How much of the mask its tokens keep: its intersection with what the decoder makes of them, over their union.</param>
internal sealed record TokensJson(
    string Suffix, IReadOnlyList<int> Locations, IReadOnlyList<int> Codewords, IReadOnlyList<float> Box,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Kept);

/// <summary>A picture of a data set, as rows of training data have it.</summary>
internal sealed record TrainingRowJson(string Image, string Prefix, string Suffix);
