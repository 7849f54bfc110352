using System.Diagnostics;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// A transposed 4 x 4 convolution of stride 2 and padding 1, which doubles a plane exactly, then what is positive of it. The source pixel (y, x)
/// reaches the target pixel (2y - 1 + i, 2x - 1 + j) with the kernel's weight (i, j), so that along each axis an even target has two
/// sources, its own half and the one before, and an odd one its own half and the one after.
/// </summary>
internal sealed class MaskUpsampling
{
    private readonly (int Row, int Column, MaskConvolution Convolution)[] _parts;

    public MaskUpsampling(MaskLayer layer, float[] weight, float[] bias)
    {
        Debug.Assert(layer is { Transposed: true, Kernel: 4 }, "The kernel and the stride are those of the mask decoder.");
        ChannelsOut = layer.Out;
        _parts = [Part(0, 0), Part(0, 1), Part(1, 0), Part(1, 1)];

        (int Row, int Column, MaskConvolution Convolution) Part(int row, int column)
        {
            (int Kernel, int Offset)[] rows = Sources(row);
            (int Kernel, int Offset)[] columns = Sources(column);
            (int Row, int Column)[] taps = [.. rows.SelectMany(r => columns.Select(c => (r.Offset, c.Offset)))];
            return (row, column, new MaskConvolution(layer.In, layer.Out, taps, bias, Weight));

            float Weight(int tap, int source, int target) =>
                weight[(((((source * layer.Out) + target) * 4) + rows[tap / 2].Kernel) * 4) + columns[tap % 2].Kernel];
        }
    }

    public int ChannelsOut { get; }

    /// <summary>Computes a plane of twice the side.</summary>
    /// <param name="source">The source, with its border of zeros.</param>
    /// <param name="side">The side of the source in pixels, without the border.</param>
    /// <param name="target">The target, with its border, which stays as it is.</param>
    public void Apply(ReadOnlySpan<float> source, int side, Span<float> target)
    {
        foreach ((int row, int column, MaskConvolution convolution) in _parts) convolution.Apply(source, side, target, stride: 2, row, column);
    }

    private static (int Kernel, int Offset)[] Sources(int parity) => parity == 0 ? [(1, 0), (3, -1)] : [(0, 1), (2, 0)];
}
