using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>What a tensor is for, which decides how it may be stored.</summary>
internal enum TensorRole
{
    /// <summary>A factor of matrix products: stored as the file type says.</summary>
    Matrix,

    /// <summary>A factor of one product alone, and small: the convolution that turns pixels into patches, with rows of 3 * patch * patch,
    /// for example. Never of 8 bits.</summary>
    PreciseMatrix,

    /// <summary>Added or multiplied element by element, and small: always 32-bit floating point.</summary>
    Exact,

    /// <summary>Unpacked when it is read, and wanted small: 16-bit floating point.</summary>
    Half,

    /// <summary>Unpacked when it is read, and wanted smaller still: 8 bits. Its rows make whole blocks of them.</summary>
    Quarter,
}

/// <summary>A tensor of a GGUF file and where its elements come from.</summary>
internal sealed record PlannedTensor(string Name, TensorRole Role, SourceTensor Source);
