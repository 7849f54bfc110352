using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>What becomes of a product's sums, for one panel.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal unsafe interface IProductEnd<TSelf>
    where TSelf : struct, IProductEnd<TSelf>
{
    /// <summary>For the columns of a product from one on.</summary>
    static abstract TSelf Of(ggml_tensor* product, nint column);

    /// <summary>Makes the results of sums in their place.</summary>
    /// <param name="row">The first row's number.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="sums">The first row's sums.</param>
    /// <param name="stride">The floats from a row's to the next row's.</param>
    void Apply(nint row, int count, float* sums, nint stride);
}

/// <summary>The sums are the result.</summary>
internal readonly unsafe struct PlainEnd : IProductEnd<PlainEnd>
{
    public static PlainEnd Of(ggml_tensor* product, nint column) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(nint row, int count, float* sums, nint stride)
    {
    }
}

/// <summary>A bias is added.</summary>
internal readonly unsafe struct BiasEnd : IProductEnd<BiasEnd>
{
    private readonly float* _bias;

    private BiasEnd(float* bias) => _bias = bias;

    public static BiasEnd Of(ggml_tensor* product, nint column) => new(MatrixProduct.Bias(product) + column);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(nint row, int count, float* sums, nint stride)
    {
        Vector256<float> bias0 = Vector256.Load(_bias), bias1 = Vector256.Load(_bias + Vector256<float>.Count);
        for (; count > 0; count--, sums += stride)
        {
            (Vector256.Load(sums) + bias0).Store(sums);
            (Vector256.Load(sums + Vector256<float>.Count) + bias1).Store(sums + Vector256<float>.Count);
        }
    }
}

/// <summary>The activation of the sum with a bias.</summary>
internal readonly unsafe struct GeluEnd : IProductEnd<GeluEnd>
{
    private readonly float* _bias;

    private GeluEnd(float* bias) => _bias = bias;

    public static GeluEnd Of(ggml_tensor* product, nint column) => new(MatrixProduct.Bias(product) + column);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(nint row, int count, float* sums, nint stride)
    {
        Vector256<float> bias0 = Vector256.Load(_bias), bias1 = Vector256.Load(_bias + Vector256<float>.Count);
        for (; count > 0; count--, sums += stride)
        {
            Gelu.Of(Vector256.Load(sums) + bias0).Store(sums);
            Gelu.Of(Vector256.Load(sums + Vector256<float>.Count) + bias1).Store(sums + Vector256<float>.Count);
        }
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(nint row, int count, float* sums, nint stride)
    {
        Vector256<float> bias0 = Vector256.Load(_bias), bias1 = Vector256.Load(_bias + Vector256<float>.Count);
        float* added = _rows + (row * _stride);
        for (; count > 0; count--, sums += stride, added += _stride)
        {
            (Vector256.Load(sums) + (bias0 + Vector256.Load(added))).Store(sums);
            (Vector256.Load(sums + Vector256<float>.Count) + (bias1 + Vector256.Load(added + Vector256<float>.Count))).Store(
                sums + Vector256<float>.Count);
        }
    }
}
