namespace PaliGguf.Conversion;

/// <summary>How the mask decoder and encoder are stored. Biases are 32-bit floats in all of them.</summary>
public enum MaskType
{
    /// <summary>32-bit floating point: exact.</summary>
    F32,

    /// <summary>16-bit floating point (IEEE half).</summary>
    F16,

    /// <summary>8 bits in blocks of 32 with one scale; weights that make no whole blocks are 32-bit floats.</summary>
    Q8_0,
}
