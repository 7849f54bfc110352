using System.Text.Json;
using PaliGguf.Conversion.Tensors;
using static TorchSharp.torch;

namespace PaliGguf.Training.Tests.Goldens;

/// <summary>What the goldens tell of a tensor: its norm, its sum, and some elements.</summary>
internal static class Statistics
{
    private const double Relative = 1e-3;
    private const double ExactlyZeroInTheory = 1e-5;
    private const ulong Stride = 2654435761;

    /// <summary>The name that a tensor has in the goldens.</summary>
    public static string Name(string path) => TensorNames.Spell(path, newGeneration: false);

    /// <summary>Compares a tensor, within the tolerances of single precision.</summary>
    /// <param name="name">Whose.</param>
    /// <param name="expected">What is told of it.</param>
    /// <param name="actual">It.</param>
    /// <param name="samples">Whether its elements are compared too.</param>
    /// <returns>What differs; null if nothing does.</returns>
    public static string? Difference(string name, JsonElement expected, Tensor actual, bool samples = true)
    {
        using Tensor flat = actual.detach().to(ScalarType.Float64).flatten();
        double[] values = flat.data<double>().ToArray();
        double norm = Math.Sqrt(values.Sum(value => value * value));
        double wanted = expected.GetProperty("l2").GetDouble();
        if (name.StartsWith("vision_tower", StringComparison.Ordinal) && name.EndsWith("k_proj.bias", StringComparison.Ordinal))
        {
            return norm < ExactlyZeroInTheory ? null : $"{name}: norm {norm}, and it should be zero";
        }

        if (!expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).SequenceEqual(actual.shape))
        {
            return $"{name}: its shape is [{string.Join(", ", actual.shape)}]";
        }

        if (Math.Abs(norm - wanted) > Relative * wanted) return $"{name}: norm {norm}, expected {wanted}";
        if (!samples) return null;
        double typical = wanted / Math.Sqrt(values.Length);
        foreach ((int k, JsonElement sample) in expected.GetProperty("at").EnumerateArray().Index())
        {
            double found = Sampled(values, k);
            double value = sample.GetDouble();
            if (Math.Abs(found - value) > Relative * Math.Max(Math.Abs(value), typical))
                return $"{name}: element {k} is {found}, expected {value}";
        }

        foreach ((int k, JsonElement sample) in expected.GetProperty("first").EnumerateArray().Index())
        {
            double value = sample.GetDouble();
            if (Math.Abs(values[k] - value) > Relative * Math.Max(Math.Abs(value), typical))
                return $"{name}: element {k} is {values[k]}, expected {value}";
        }

        return null;
    }

    /// <summary>
    /// Compares a tensor that steps have been taken with. Its elements are compared together: Adam makes a visible step of an element whose
    /// gradient is rounding alone, and kinds of processors round otherwise.
    /// </summary>
    /// <returns>What differs; null if nothing does.</returns>
    public static string? DifferenceAfterSteps(string name, JsonElement expected, Tensor actual)
    {
        if (Difference(name, expected, actual, samples: false) is { } difference) return difference;
        using Tensor flat = actual.detach().to(ScalarType.Float64).flatten();
        double[] values = flat.data<double>().ToArray();
        double apart = 0, wanted = 0;
        foreach ((int k, JsonElement sample) in expected.GetProperty("at").EnumerateArray().Index()) Add(Sampled(values, k), sample);
        foreach ((int k, JsonElement sample) in expected.GetProperty("first").EnumerateArray().Index()) Add(values[k], sample);
        return apart > Relative * Relative * wanted ? $"{name}: its elements are {Math.Sqrt(apart / wanted):P2} apart" : null;

        void Add(double found, JsonElement sample)
        {
            double value = sample.GetDouble();
            apart += (found - value) * (found - value);
            wanted += value * value;
        }
    }

    /// <summary>The distance of two tensors by the second one's norm.</summary>
    public static double RelativeDistance(Tensor actual, float[] expected)
    {
        using Tensor flat = actual.detach().flatten();
        return RelativeDistance(flat.data<float>().ToArray(), expected);
    }

    /// <summary>The distance of two vectors by the second one's norm.</summary>
    public static double RelativeDistance(float[] actual, float[] expected)
    {
        double apart = Math.Sqrt(actual.Zip(expected, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
        return apart / Math.Sqrt(expected.Sum(value => (double)value * value));
    }

    private static double Sampled(double[] values, int k) => values[(int)(unchecked(Stride * ((ulong)k + 1)) % (ulong)values.Length)];
}
