using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>What becomes of a product's sums while they are in registers, for one panel.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal unsafe interface IProductEnd<TSelf>
    where TSelf : struct, IProductEnd<TSelf>
{
    /// <summary>For the columns of a product from one on.</summary>
    static abstract TSelf Of(ggml_tensor* product, nint column);

    /// <summary>Makes the results of a row's sums.</summary>
    void Apply(nint row, ref Vector256<float> sums0, ref Vector256<float> sums1);
}

/// <summary>The sums are the result.</summary>
internal readonly unsafe struct PlainEnd : IProductEnd<PlainEnd>
{
    public static PlainEnd Of(ggml_tensor* product, nint column) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(nint row, ref Vector256<float> sums0, ref Vector256<float> sums1)
    {
    }
}

/// <summary>A bias is added.</summary>
internal readonly unsafe struct BiasEnd : IProductEnd<BiasEnd>
{
    private readonly float* _bias;

    private BiasEnd(float* bias) => _bias = bias;

    public static BiasEnd Of(ggml_tensor* product, nint column) => new(MatrixProduct.Bias(product) + column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(nint row, ref Vector256<float> sums0, ref Vector256<float> sums1)
    {
        sums0 += Vector256.Load(_bias);
        sums1 += Vector256.Load(_bias + Vector256<float>.Count);
    }
}

/// <summary>The activation of the sum with a bias.</summary>
internal readonly unsafe struct GeluEnd : IProductEnd<GeluEnd>
{
    private readonly float* _bias;

    private GeluEnd(float* bias) => _bias = bias;

    public static GeluEnd Of(ggml_tensor* product, nint column) => new(MatrixProduct.Bias(product) + column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(nint row, ref Vector256<float> sums0, ref Vector256<float> sums1)
    {
        sums0 = Gelu.Of(sums0 + Vector256.Load(_bias));
        sums1 = Gelu.Of(sums1 + Vector256.Load(_bias + Vector256<float>.Count));
    }
}

/// <summary>A bias and the rows of another tensor are added.</summary>
internal readonly unsafe struct ResidualEnd : IProductEnd<ResidualEnd>
{
    private readonly float* _bias;
    private readonly float* _rows;
    private readonly nint _stride;

    private ResidualEnd(float* bias, ggml_tensor* residual, nint column)
    {
        _bias = bias + column;
        _rows = (float*)residual->data + column;
        _stride = (nint)(residual->nb[1] / sizeof(float));
    }

    public static ResidualEnd Of(ggml_tensor* product, nint column) => new(MatrixProduct.Bias(product), MatrixProduct.Residual(product), column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(nint row, ref Vector256<float> sums0, ref Vector256<float> sums1)
    {
        float* added = _rows + (row * _stride);
        sums0 += Vector256.Load(_bias) + Vector256.Load(added);
        sums1 += Vector256.Load(_bias + Vector256<float>.Count) + Vector256.Load(added + Vector256<float>.Count);
    }
}
