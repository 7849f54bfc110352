using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>What is computed together with a product: null for what is not.</summary>
internal unsafe ref struct ProductSurroundings
{
    /// <summary>With <see cref="NormBias"/> and <see cref="NormEpsilon"/>: the rows are normalized before (<see cref="RowNorm"/>).</summary>
    public ggml_tensor* NormWeight;

    public ggml_tensor* NormBias;

    public float NormEpsilon;

    /// <summary>Is added to each row of the product.</summary>
    public ggml_tensor* Bias;

    /// <summary>Whether the result is the activation (<see cref="Gelu"/>) of product and bias.</summary>
    public bool Activated;

    /// <summary>Rows that are added to those of product and bias.</summary>
    public ggml_tensor* Residual;
}
