using PaliGguf.Training.Weights;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Goldens;

/// <summary>Adapters that begin with numbers which any program can make: a hash of each element's place.</summary>
internal static class AdapterStart
{
    /// <summary>Sets the adapters, numbered in the order of the products that have one.</summary>
    /// <param name="linears">The products.</param>
    /// <param name="zeroB">Whether the second factors begin with zeros instead, as PEFT has it.</param>
    public static void Set(IEnumerable<Linear> linears, bool zeroB = false)
    {
        using IDisposable frozen = no_grad();
        foreach ((int number, LowRank pair) in linears.Select(linear => linear.LowRank).OfType<LowRank>().Index())
        {
            Fill(pair.A, (uint)(2 * number), 0.0625);
            if (zeroB) pair.B.zero_();
            else Fill(pair.B, (uint)((2 * number) + 1), 0.03125);
        }
    }

    private static void Fill(Tensor factor, uint stream, double amplitude)
    {
        float[] values = new float[factor.numel()];
        for (uint i = 0; i < values.Length; i++)
        {
            uint hash = unchecked(i + (0x9E37_79B9u * (stream + 1)));
            hash ^= hash >> 16;
            hash = unchecked(hash * 0x85EB_CA6Bu);
            hash ^= hash >> 13;
            hash = unchecked(hash * 0xC2B2_AE35u);
            hash ^= hash >> 16;
            values[i] = (float)(((int)(hash >> 16) - 32768) / 32768.0 * amplitude);
        }

        using Tensor source = tensor(values).view(factor.shape);
        factor.copy_(source);
    }
}
