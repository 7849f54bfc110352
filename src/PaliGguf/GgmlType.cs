namespace PaliGguf;

/// <summary>How the elements of a tensor are stored; the numbers are those of <c>enum ggml_type</c> in ggml.h and of the files.</summary>
public enum GgmlType
{
    /// <summary>32-bit floating point.</summary>
    F32 = 0,

    /// <summary>16-bit floating point, IEEE half.</summary>
    F16 = 1,

    /// <summary>4 bits, blocks of 32, one scale.</summary>
    Q4_0 = 2,

    /// <summary>4 bits, blocks of 32, scale and minimum.</summary>
    Q4_1 = 3,

    /// <summary>5 bits, blocks of 32, one scale.</summary>
    Q5_0 = 6,

    /// <summary>5 bits, blocks of 32, scale and minimum.</summary>
    Q5_1 = 7,

    /// <summary>8 bits, blocks of 32, one scale.</summary>
    Q8_0 = 8,

    /// <summary>8 bits, blocks of 32, scale and sum; only ever an intermediate of products.</summary>
    Q8_1 = 9,

    /// <summary>2 bits in superblocks of 256.</summary>
    Q2_K = 10,

    /// <summary>3 bits in superblocks of 256.</summary>
    Q3_K = 11,

    /// <summary>4 bits in superblocks of 256.</summary>
    Q4_K = 12,

    /// <summary>5 bits in superblocks of 256.</summary>
    Q5_K = 13,

    /// <summary>6 bits in superblocks of 256.</summary>
    Q6_K = 14,

    /// <summary>8 bits in superblocks of 256; only ever an intermediate of products.</summary>
    Q8_K = 15,

    /// <summary>2.06 bits, codebook.</summary>
    IQ2_XXS = 16,

    /// <summary>2.31 bits, codebook.</summary>
    IQ2_XS = 17,

    /// <summary>3.06 bits, codebook.</summary>
    IQ3_XXS = 18,

    /// <summary>1.56 bits, codebook.</summary>
    IQ1_S = 19,

    /// <summary>4.5 bits, blocks of 32, non-linear levels.</summary>
    IQ4_NL = 20,

    /// <summary>3.44 bits, codebook.</summary>
    IQ3_S = 21,

    /// <summary>2.5 bits, codebook.</summary>
    IQ2_S = 22,

    /// <summary>4.25 bits in superblocks of 256, non-linear levels.</summary>
    IQ4_XS = 23,

    /// <summary>8-bit integer.</summary>
    I8 = 24,

    /// <summary>16-bit integer.</summary>
    I16 = 25,

    /// <summary>32-bit integer.</summary>
    I32 = 26,

    /// <summary>64-bit integer.</summary>
    I64 = 27,

    /// <summary>64-bit floating point.</summary>
    F64 = 28,

    /// <summary>1.75 bits, codebook.</summary>
    IQ1_M = 29,

    /// <summary>16-bit floating point with the exponent of 32-bit floating point.</summary>
    BF16 = 30,

    /// <summary>1.69 bits, ternary.</summary>
    TQ1_0 = 34,

    /// <summary>2.06 bits, ternary.</summary>
    TQ2_0 = 35,

    /// <summary>4-bit floating point in blocks of 32 with a shared exponent.</summary>
    MXFP4 = 39,

    /// <summary>4-bit floating point in blocks of 64, one 8-bit floating-point scale per 16.</summary>
    NVFP4 = 40,

    /// <summary>1.125 bits: signs, blocks of 128, one scale.</summary>
    Q1_0 = 41,

    /// <summary>2.25 bits, blocks of 64, one scale.</summary>
    Q2_0 = 42,
}
