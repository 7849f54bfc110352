namespace PaliGguf.Conversion.Quantization;

/// <summary>Which layers of a decoder a rule is for.</summary>
internal enum LayerRange
{
    /// <summary>Every layer.</summary>
    All,

    /// <summary>The first eighth, whose errors travel through all that follow.</summary>
    First,

    /// <summary>The first and the last eighth, and every third layer between them: about half.</summary>
    Half,

    /// <summary>All but the first and the last eighth.</summary>
    Middle,
}

internal static class LayerRanges
{
    /// <summary>Whether a layer of a decoder with so many layers is in a range.</summary>
    public static bool Contains(this LayerRange range, int layer, int layers)
    {
        int first = layers / 8;
        int last = 7 * layers / 8;
        bool inMiddle = layer >= first && layer < last;
        return range switch
        {
            LayerRange.First => layer < first,
            LayerRange.Half => !inMiddle || (layer - first) % 3 == 2,
            LayerRange.Middle => inMiddle,
            _ => true,
        };
    }
}
