namespace PaliGguf.Tests.Tasks.Masks;

/// <summary>The mask decoder as its description reads, loop by loop, in double precision.</summary>
/// <param name="tensor">A tensor by its name in the checkpoint, in the checkpoint's order.</param>
internal sealed class NaiveMaskDecoder(Func<string, float[]> tensor)
{
    public double[] Decode(IReadOnlyList<int> codewords)
    {
        float[] codebook = tensor("_vq_vae._embedding");
        double[][] planes = new double[512][];
        for (int channel = 0; channel < 512; channel++) planes[channel] = [.. codewords.Select(code => (double)codebook[(code * 512) + channel])];

        planes = Relu(Convolve(planes, "decoder.0", 128, 1));
        planes = Residual(planes, "decoder.2");
        planes = Residual(planes, "decoder.3");
        planes = Relu(ConvolveTransposed(planes, "decoder.4", 128));
        planes = Relu(ConvolveTransposed(planes, "decoder.6", 64));
        planes = Relu(ConvolveTransposed(planes, "decoder.8", 32));
        planes = Relu(ConvolveTransposed(planes, "decoder.10", 16));
        return Convolve(planes, "decoder.12", 1, 1)[0];
    }

    private double[][] Residual(double[][] planes, string name)
    {
        double[][] inner = Relu(Convolve(planes, name + ".net.0", 128, 3));
        inner = Relu(Convolve(inner, name + ".net.2", 128, 3));
        inner = Convolve(inner, name + ".net.4", 128, 1);
        return [.. planes.Zip(inner, (plane, addition) => plane.Zip(addition, (a, b) => a + b).ToArray())];
    }

    private double[][] Convolve(double[][] source, string name, int channels, int kernel)
    {
        float[] weight = tensor(name + ".weight");
        float[] bias = tensor(name + ".bias");
        int side = (int)Math.Sqrt(source[0].Length);
        double[][] target = new double[channels][];
        for (int o = 0; o < channels; o++)
        {
            target[o] = new double[side * side];
            for (int y = 0; y < side; y++)
            {
                for (int x = 0; x < side; x++)
                {
                    double sum = bias[o];
                    for (int c = 0; c < source.Length; c++)
                    {
                        for (int i = 0; i < kernel; i++)
                        {
                            for (int j = 0; j < kernel; j++)
                            {
                                int fromY = y + i - (kernel / 2);
                                int fromX = x + j - (kernel / 2);
                                if (fromY < 0 || fromY >= side || fromX < 0 || fromX >= side) continue;
                                sum += source[c][(fromY * side) + fromX] * weight[(((((o * source.Length) + c) * kernel) + i) * kernel) + j];
                            }
                        }
                    }

                    target[o][(y * side) + x] = sum;
                }
            }
        }

        return target;
    }

    /// <summary>Each source pixel is spread over 4 x 4 target pixels, 2 apart, the first of them 1 before.</summary>
    private double[][] ConvolveTransposed(double[][] source, string name, int channels)
    {
        float[] weight = tensor(name + ".weight");
        float[] bias = tensor(name + ".bias");
        int side = (int)Math.Sqrt(source[0].Length);
        int doubled = 2 * side;
        double[][] target = [.. Enumerable.Range(0, channels).Select(o => Enumerable.Repeat((double)bias[o], doubled * doubled).ToArray())];
        for (int c = 0; c < source.Length; c++)
        {
            for (int o = 0; o < channels; o++)
            {
                for (int pixel = 0; pixel < side * side; pixel++)
                {
                    for (int i = 0; i < 4; i++)
                    {
                        for (int j = 0; j < 4; j++)
                        {
                            int y = (2 * (pixel / side)) - 1 + i;
                            int x = (2 * (pixel % side)) - 1 + j;
                            if (y < 0 || y >= doubled || x < 0 || x >= doubled) continue;
                            target[o][(y * doubled) + x] += source[c][pixel] * weight[(((((c * channels) + o) * 4) + i) * 4) + j];
                        }
                    }
                }
            }
        }

        return target;
    }

    private static double[][] Relu(double[][] planes) => [.. planes.Select(plane => plane.Select(value => Math.Max(0, value)).ToArray())];
}
