using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

/// <summary>A test that needs products of our own.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProductFactAttribute : FactAttribute
{
    public const string Missing = "There is no code for this processor: it has no AVX2.";

    public ProductFactAttribute()
    {
        if (!MatrixProduct.IsSupported) Skip = Missing;
    }
}

/// <inheritdoc cref="ProductFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProductTheoryAttribute : TheoryAttribute
{
    public ProductTheoryAttribute()
    {
        if (!MatrixProduct.IsSupported) Skip = ProductFactAttribute.Missing;
    }
}
