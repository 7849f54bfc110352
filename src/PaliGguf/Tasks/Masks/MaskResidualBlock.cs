using System.Diagnostics;

namespace PaliGguf.Tasks.Masks;

/// <summary>Three convolutions of the mask decoder or encoder, whose result is added to what they see.</summary>
internal sealed class MaskResidualBlock
{
    private readonly MaskConvolution _first;
    private readonly MaskConvolution _second;
    private readonly MaskConvolution _third;

    /// <param name="layers">Of the kernels 3, 3 and 1.</param>
    /// <param name="tensor">Gives a tensor by its name.</param>
    public MaskResidualBlock(ReadOnlySpan<MaskLayer> layers, Func<string, float[]> tensor)
    {
        Debug.Assert(layers.Length == 3, "A block has three convolutions.");
        _first = MaskConvolution.Of(layers[0], tensor);
        _second = MaskConvolution.Of(layers[1], tensor);
        _third = MaskConvolution.Of(layers[2], tensor);
    }

    /// <summary>Adds to a plane.</summary>
    /// <param name="plane">The plane, with its border of zeros.</param>
    /// <param name="side">Its side in pixels, without the border.</param>
    /// <param name="one">Room for a plane, with a border of zeros.</param>
    /// <param name="other">Likewise.</param>
    public void Apply(Span<float> plane, int side, Span<float> one, Span<float> other)
    {
        _first.Apply(plane, side, one);
        _second.Apply(one, side, other);
        _third.Apply(other, side, plane, residual: true);
    }
}
