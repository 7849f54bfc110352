using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace PaliGguf.Tasks.Masks;

/// <summary>
/// A convolution over a channels-last plane with a border of one zero pixel, as a sum over taps: for each neighbour at a fixed offset one matrix.
/// An ordinary 3 x 3 convolution has nine taps; a 4 x 4 one of stride 2 has sixteen, and steps over every second pixel of the source; a
/// transposed one is four convolutions of four taps, one for each parity of the target's row and column.
/// </summary>
internal sealed unsafe class MaskConvolution
{
    /// <summary>Target channels computed together: two vectors.</summary>
    private const int Block = 16;

    /// <summary>Pixels computed together; the sides of all targets are multiples of it.</summary>
    private const int Tile = 4;

    private readonly int _in;
    private readonly int _out;
    private readonly (int Row, int Column)[] _taps;
    private readonly float[] _bias;
    private readonly int _step;

    // By block, tap, source channel: the block's 16 weights, in the order in which the product reads them.
    private readonly float[] _weights;

    /// <summary>Lays out the weights.</summary>
    /// <param name="channelsIn">Channels of the source.</param>
    /// <param name="channelsOut">Channels of the target, a multiple of 16.</param>
    /// <param name="taps">Where the neighbours are, each offset -1 to 1, and with a step of 2 to 2.</param>
    /// <param name="bias">One number per target channel.</param>
    /// <param name="weight">The weight of (tap, source channel, target channel).</param>
    /// <param name="step">Source pixels from one target pixel to the next: 1 or 2.</param>
    public MaskConvolution(
        int channelsIn, int channelsOut, (int Row, int Column)[] taps, ReadOnlySpan<float> bias, Func<int, int, int, float> weight, int step = 1)
    {
        Debug.Assert(channelsOut % Block == 0, "Target channels come in blocks.");
        _in = channelsIn;
        _out = channelsOut;
        _taps = taps;
        _bias = bias.ToArray();
        _step = step;
        _weights = new float[taps.Length * channelsIn * channelsOut];
        int next = 0;
        for (int block = 0; block < channelsOut; block += Block)
        {
            for (int tap = 0; tap < taps.Length; tap++)
            {
                for (int source = 0; source < channelsIn; source++)
                {
                    for (int target = block; target < block + Block; target++) _weights[next++] = weight(tap, source, target);
                }
            }
        }
    }

    /// <summary>An ordinary convolution of a checkpoint: with a kernel of 4 of stride 2, else of stride 1; the plane is continued by zeros.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="tensor">Gives a tensor by its name.</param>
    public static MaskConvolution Of(MaskLayer layer, Func<string, float[]> tensor)
    {
        Debug.Assert(!layer.Transposed, "Transposed convolutions are of another kind.");
        float[] weight = tensor(layer.Weight);
        int kernel = layer.Kernel, before = (kernel - 1) / 2;
        (int Row, int Column)[] taps = [.. Enumerable.Range(0, kernel * kernel).Select(tap => ((tap / kernel) - before, (tap % kernel) - before))];
        return new MaskConvolution(
            layer.In, layer.Out, taps, tensor(layer.Bias),
            (tap, source, target) => weight[(((target * layer.In) + source) * kernel * kernel) + tap], step: kernel == 4 ? 2 : 1);
    }

    /// <summary>Computes a plane, or one of four interleaved parts of it.</summary>
    /// <param name="source">The source, with its border.</param>
    /// <param name="side">The side of the source in pixels, without the border: a multiple of 4, and with a step of 2 of 8.</param>
    /// <param name="target">The target, with its border, which stays as it is.</param>
    /// <param name="stride">Target pixels per source pixel: 1 or 2.</param>
    /// <param name="row">With a stride of 2, the parity of the target's rows.</param>
    /// <param name="column">With a stride of 2, the parity of the target's columns.</param>
    /// <param name="residual">True to add to the target; false to replace it by what is positive of the result.</param>
    public void Apply(
        ReadOnlySpan<float> source, int side, Span<float> target, int stride = 1, int row = 0, int column = 0, bool residual = false)
    {
        int made = side / _step;
        int targetSide = made * stride;
        Debug.Assert(source.Length >= (side + 2) * (side + 2) * _in && target.Length >= (targetSide + 2) * (targetSide + 2) * _out, "The planes have their borders.");
        fixed (float* from = source)
        fixed (float* to = target)
        fixed (float* weights = _weights)
        fixed (float* bias = _bias)
        {
            for (int block = 0; block < _out; block += Block)
            {
                float* blockWeights = weights + (block * _taps.Length * _in);
                for (int y = 0; y < made; y++)
                {
                    int targetRow = ((y * stride) + row + 1) * (targetSide + 2);
                    int sourceRow = ((y * _step) + 1) * (side + 2);
                    for (int x = 0; x < made; x += Tile)
                    {
                        float* targetPixel = to + ((targetRow + (x * stride) + column + 1) * _out) + block;
                        MultiplyTile(
                            from, sourceRow + (x * _step) + 1, side + 2, blockWeights, bias + block, targetPixel, stride * _out, residual);
                    }
                }
            }
        }
    }

    private void MultiplyTile(float* source, int pixel, int rowLength, float* weights, float* bias, float* target, int targetStep, bool residual)
    {
        Vector256<float> a0 = Vector256.Load(bias);
        Vector256<float> a1 = Vector256.Load(bias + 8);
        Vector256<float> b0 = a0, b1 = a1, c0 = a0, c1 = a1, d0 = a0, d1 = a1;
        int next = _in * _step;
        foreach ((int tapRow, int tapColumn) in _taps)
        {
            float* from = source + ((pixel + (tapRow * rowLength) + tapColumn) * _in);
            for (int channel = 0; channel < _in; channel++, weights += Block)
            {
                Vector256<float> w0 = Vector256.Load(weights);
                Vector256<float> w1 = Vector256.Load(weights + 8);
                Vector256<float> value = Vector256.Create(from[channel]);
                a0 = Vector256.MultiplyAddEstimate(value, w0, a0);
                a1 = Vector256.MultiplyAddEstimate(value, w1, a1);
                value = Vector256.Create(from[channel + next]);
                b0 = Vector256.MultiplyAddEstimate(value, w0, b0);
                b1 = Vector256.MultiplyAddEstimate(value, w1, b1);
                value = Vector256.Create(from[channel + (2 * next)]);
                c0 = Vector256.MultiplyAddEstimate(value, w0, c0);
                c1 = Vector256.MultiplyAddEstimate(value, w1, c1);
                value = Vector256.Create(from[channel + (3 * next)]);
                d0 = Vector256.MultiplyAddEstimate(value, w0, d0);
                d1 = Vector256.MultiplyAddEstimate(value, w1, d1);
            }
        }

        Store(a0, a1, target, residual);
        Store(b0, b1, target + targetStep, residual);
        Store(c0, c1, target + (2 * targetStep), residual);
        Store(d0, d1, target + (3 * targetStep), residual);
    }

    private static void Store(Vector256<float> first, Vector256<float> second, float* target, bool residual)
    {
        if (residual)
        {
            first += Vector256.Load(target);
            second += Vector256.Load(target + 8);
        }
        else
        {
            first = Vector256.Max(first, Vector256<float>.Zero);
            second = Vector256.Max(second, Vector256<float>.Zero);
        }

        first.Store(target);
        second.Store(target + 8);
    }
}
