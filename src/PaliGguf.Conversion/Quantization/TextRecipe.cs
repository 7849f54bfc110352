using System.Globalization;

namespace PaliGguf.Conversion.Quantization;

/// <summary>How the matrices of a decoder are stored.</summary>
/// <param name="fileType">The file's type.</param>
/// <param name="layers">The decoder's layers.</param>
/// <param name="queriesPerValue">How many query heads share a value head.</param>
/// <param name="weighted">Whether an importance matrix is there.</param>
/// <param name="embedding">The token embedding's type; null for the one that belongs to the file's type.</param>
internal sealed class TextRecipe(ModelFileType fileType, int layers, int queriesPerValue, bool weighted = false, GgmlType? embedding = null) : TypeRecipe(fileType)
{
    private const string Embedding = "token_embd.weight";
    private const string Output = "output.weight";
    private readonly TextMix _mix = TextMix.Of(fileType);

    protected override GgmlType ChooseMatrix(string name)
    {
        if (name is Embedding or Output) return embedding ?? _mix.Embedding;
        string[] parts = name.Split('.');
        if (parts is not ["blk", var number, var part, "weight"] || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int layer)) return _mix.Base;
        return part switch
        {
            "attn_v" => queriesPerValue >= 4 && _mix.SharedValues is { } shared ? shared : First(_mix.Values, layer),
            "attn_q" or "attn_k" => _mix.QueryKey ?? _mix.Base,
            "attn_output" => _mix.AttentionOutput ?? _mix.Base,
            "ffn_down" when weighted && _mix.DownOnlyUnweighted => _mix.Base,
            "ffn_down" => First(_mix.Down, layer),
            "ffn_gate" or "ffn_up" when _mix.GateUp is { } more => First([more], layer),
            _ => _mix.Base,
        };
    }

    private GgmlType First(IEnumerable<LayerType> rules, int layer) =>
        rules.FirstOrDefault(rule => rule.Range.Contains(layer, layers))?.Type ?? _mix.Base;
}
