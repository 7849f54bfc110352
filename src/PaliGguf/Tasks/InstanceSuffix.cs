using System.Globalization;
using System.Text;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tasks;

/// <summary>Writes boxes and masks as the text that a model is trained to answer with (the suffix).</summary>
public static class InstanceSuffix
{
    /// <summary>One instance: four location tokens, a mask's sixteen, and the label.</summary>
    /// <param name="box">The box; what lies outside of the picture is cut off.</param>
    /// <param name="codewords">The mask (<see cref="MaskEncoder"/>); empty for none.</param>
    /// <param name="label">What it is; empty for nothing, as RefCOCO's answers have it.</param>
    /// <exception cref="ArgumentException">A side is not a number, or the codewords are not those of a mask.</exception>
    public static string Of(NormalizedBox box, ReadOnlySpan<int> codewords = default, string label = "")
    {
        if (codewords.Length is not (0 or MaskDecoder.Codewords))
            throw new ArgumentException($"A mask has {MaskDecoder.Codewords} codewords, not {codewords.Length}.", nameof(codewords));
        if (codewords.ContainsAnyExceptInRange(0, MaskDecoder.CodebookLength - 1))
            throw new ArgumentException($"A codeword is not between 0 and {MaskDecoder.CodebookLength - 1}.", nameof(codewords));

        StringBuilder text = new();
        foreach (int bin in box.ToBins()) text.Append(CultureInfo.InvariantCulture, $"<loc{bin:0000}>");
        foreach (int codeword in codewords) text.Append(CultureInfo.InvariantCulture, $"<seg{codeword:000}>");
        if (label.Trim() is { Length: > 0 } name) text.Append(' ').Append(name);
        return text.ToString();
    }

    /// <summary>Several instances.</summary>
    public static string Join(IEnumerable<string> instances) => string.Join(" ; ", instances);
}
