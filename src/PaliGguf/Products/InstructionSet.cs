namespace PaliGguf.Products;

/// <summary>By what the products are computed; the later the faster.</summary>
internal enum InstructionSet
{
    /// <summary>By the library.</summary>
    Library,

    /// <summary>AVX2 and FMA.</summary>
    Avx2,

    /// <summary>AVX-VNNI: products of four bytes each, in vectors of 256 bits.</summary>
    AvxVnni,

    /// <summary>AVX-512 with VNNI: the same in vectors of 512 bits.</summary>
    Avx512Vnni,

    /// <summary>AMX: products of tiles of bytes.</summary>
    Amx,
}
