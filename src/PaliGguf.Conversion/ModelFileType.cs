namespace PaliGguf.Conversion;

/// <summary>
/// How the matrices of a model file are stored; names and numbers are llama.cpp's (<c>enum llama_ftype</c>, the value of <c>general.file_type</c>).
/// Vectors, norms and position embeddings are 32-bit floating point in all of them; docs/quantization.md tells which matrices get more bits than
/// the name says.
/// </summary>
public enum ModelFileType
{
    /// <summary>32-bit floating point: exact for every checkpoint.</summary>
    F32 = 0,

    /// <summary>16-bit floating point (IEEE half): the most exact at this size, even for bfloat16 checkpoints, since products keep more digits.</summary>
    F16 = 1,

    /// <summary>4.5 bits per weight: blocks of 32 with one scale. The fastest 4-bit type on CPUs.</summary>
    Q4_0 = 2,

    /// <summary>5 bits per weight: blocks of 32 with scale and minimum, 4 bits each.</summary>
    Q4_1 = 3,

    /// <summary>8.5 bits per weight in blocks of 32; rows that are no multiple of 32 fall back to F16.</summary>
    Q8_0 = 7,

    /// <summary>5.5 bits per weight: blocks of 32 with one scale.</summary>
    Q5_0 = 8,

    /// <summary>6 bits per weight: blocks of 32 with scale and minimum, 5 bits each.</summary>
    Q5_1 = 9,

    /// <summary>2.6 bits per weight and up: most matrices in 2 bits, the sensitive ones in 3.</summary>
    Q2_K = 10,

    /// <summary>3.4 bits per weight.</summary>
    Q3_K_S = 11,

    /// <summary>3.4 bits per weight and up: sensitive matrices in 4 and 5 bits.</summary>
    Q3_K_M = 12,

    /// <summary>3.4 bits per weight and up: sensitive matrices in 5 bits.</summary>
    Q3_K_L = 13,

    /// <summary>4.5 bits per weight: sensitive matrices of the first layers in 5 bits.</summary>
    Q4_K_S = 14,

    /// <summary>4.5 bits per weight and up: half of the sensitive matrices in 6 bits. The usual choice of 4 bits where quality counts.</summary>
    Q4_K_M = 15,

    /// <summary>5.5 bits per weight.</summary>
    Q5_K_S = 16,

    /// <summary>5.5 bits per weight and up: half of the sensitive matrices in 6 bits.</summary>
    Q5_K_M = 17,

    /// <summary>6.6 bits per weight.</summary>
    Q6_K = 18,

    /// <summary>2.06 bits per weight, codebook; needs an importance matrix.</summary>
    IQ2_XXS = 19,

    /// <summary>2.31 bits per weight, codebook; needs an importance matrix.</summary>
    IQ2_XS = 20,

    /// <summary>2.6 bits per weight.</summary>
    Q2_K_S = 21,

    /// <summary>3.3 bits per weight, codebook.</summary>
    IQ3_XS = 22,

    /// <summary>3.06 bits per weight, codebook.</summary>
    IQ3_XXS = 23,

    /// <summary>1.56 bits per weight, codebook; needs an importance matrix.</summary>
    IQ1_S = 24,

    /// <summary>4.5 bits per weight: blocks of 32 with non-linear levels.</summary>
    IQ4_NL = 25,

    /// <summary>3.44 bits per weight, codebook.</summary>
    IQ3_S = 26,

    /// <summary>3.44 bits per weight and up, codebook.</summary>
    IQ3_M = 27,

    /// <summary>2.31 bits per weight and up, codebook; needs an importance matrix.</summary>
    IQ2_S = 28,

    /// <summary>2.5 bits per weight and up, codebook.</summary>
    IQ2_M = 29,

    /// <summary>4.25 bits per weight with non-linear levels: the smallest of 4 bits.</summary>
    IQ4_XS = 30,

    /// <summary>1.75 bits per weight, codebook; needs an importance matrix.</summary>
    IQ1_M = 31,

    /// <summary>bfloat16: the range of 32-bit floating point with 8 significant bits.</summary>
    BF16 = 32,

    /// <summary>1.69 bits per weight: -1, 0 or 1. For models that were trained so.</summary>
    TQ1_0 = 36,

    /// <summary>2.06 bits per weight: -1, 0 or 1, stored for speed. For models that were trained so.</summary>
    TQ2_0 = 37,

    /// <summary>4.25 bits per weight: 4-bit floating point, blocks of 32 with a shared exponent.</summary>
    MXFP4 = 38,

    /// <summary>4.5 bits per weight: 4-bit floating point, blocks of 16 with an 8-bit floating-point scale.</summary>
    NVFP4 = 39,

    /// <summary>1.125 bits per weight: signs. For models that were trained so.</summary>
    Q1_0 = 40,

    /// <summary>2.25 bits per weight: blocks of 64 with one scale. For models that were trained so.</summary>
    Q2_0 = 41,
}
