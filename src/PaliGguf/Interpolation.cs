namespace PaliGguf;

/// <summary>How a picture is resized. Both filters are antialiased: when shrinking, the filter is stretched over all pixels it replaces.</summary>
public enum Interpolation
{
    /// <summary>Cubic convolution with a = -0.5, Pillow's BICUBIC: what the models were published with in transformers.</summary>
    Bicubic,

    /// <summary>A triangle, Pillow's BILINEAR: closer to what big_vision trained with.</summary>
    Bilinear,
}
