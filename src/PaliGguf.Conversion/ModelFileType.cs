namespace PaliGguf.Conversion;

/// <summary>
/// How the matrices of a converted model are stored; the numbers are those of <c>general.file_type</c>.
/// Vectors, norms and position embeddings are always 32-bit floating point.
/// </summary>
public enum ModelFileType
{
    /// <summary>32-bit floating point: exact for every checkpoint.</summary>
    F32 = 0,

    /// <summary>16-bit floating point (IEEE half): the most exact at this size, even for bfloat16 checkpoints, since products keep more digits.</summary>
    F16 = 1,

    /// <summary>8 bits per weight in blocks of 32, about 8.5 bits with scales; rows that are no multiple of 32 fall back to F16.</summary>
    Q8_0 = 7,

    /// <summary>bfloat16: the range of 32-bit floating point with 8 significant bits.</summary>
    BF16 = 32,
}
