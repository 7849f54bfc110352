using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace PaliGguf.Gguf;

/// <summary>A tensor that a file must have.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions in GGUF order; trailing ones of 1 are left out.</param>
/// <param name="Plain">Whether it must be stored as 32-bit floats.</param>
/// <param name="OrSmaller">Whether the types of <see cref="StoredFloats"/> do, too.</param>
internal readonly record struct ExpectedTensor(string Name, ImmutableArray<long> Shape, bool Plain = false, bool OrSmaller = false)
{
    /// <summary>
    /// The dimensions where it is stored in a type. Rows of a kernel are shorter than a block, so that in blocks all dimensions but the
    /// last are one row.
    /// </summary>
    public ImmutableArray<long> ShapeIn(GgmlType type) =>
        OrSmaller && type.IsQuantized ? [Shape[..^1].Aggregate(1L, (product, size) => product * size), Shape[^1]] : Shape;

    /// <summary>What is wrong with a type that it is stored in; null for nothing.</summary>
    public string? ProblemOf(GgmlType type)
    {
        if (!type.HoldsWeights) return "which no weights are stored in";
        if (!Plain || type == GgmlType.F32) return null;
        if (!OrSmaller) return "expected F32";
        return StoredFloats.Reads(type) ? null : "expected F32, F16 or Q8_0";
    }
}

/// <summary>Requirements on a file, each failing with an error that names it.</summary>
internal static class GgufRequirements
{
    private const int Listed = 10;

    extension(GgufFile file)
    {
        /// <summary>Fails with a message unless a condition holds.</summary>
        public void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref RequirementMessage problem)
        {
            if (!condition) throw new ModelFormatException(file.Path, problem.ToString());
        }

        /// <summary>A whole number between 1 and <paramref name="largest"/>.</summary>
        public int GetPositive(string key, int largest)
        {
            uint value = file.Metadata.GetUInt32(key);
            if (value < 1 || value > largest) throw new ModelFormatException(file.Path, $"{key} is {value}; expected 1 to {largest}.");
            return (int)value;
        }

        /// <summary>Checks that a number, if the file has it, is finite and within bounds.</summary>
        public void RequireNumber(string key, double smallest, double largest, bool required = false)
        {
            if (!required && !file.Metadata.Contains(key)) return;
            float value = file.Metadata.GetSingle(key);
            if (!(value >= smallest && value <= largest)) throw new ModelFormatException(file.Path, $"{key} is {value}; expected {smallest} to {largest}.");
        }

        /// <summary>Checks that all these tensors are there with their shapes; reports all that are not in one error.</summary>
        public void RequireTensors(IEnumerable<ExpectedTensor> expected)
        {
            List<string> problems = [];
            foreach (ExpectedTensor tensor in expected)
            {
                if (!file.TryGetTensor(tensor.Name, out GgufTensor? found)) problems.Add($"{tensor.Name} is missing");
                else if (!SameShape(found.Shape, tensor.ShapeIn(found.Type)))
                    problems.Add($"{tensor.Name} is {Describe(found.Shape)}, expected {Describe(tensor.ShapeIn(found.Type))}");
                else if (tensor.ProblemOf(found.Type) is { } problem) problems.Add($"{tensor.Name} is {found.Type}, {problem}");
            }

            if (problems.Count == 0) return;
            string rest = problems.Count > Listed ? $"; and {problems.Count - Listed} more" : "";
            throw new ModelFormatException(file.Path, $"the tensors do not fit the metadata: {string.Join("; ", problems.Take(Listed))}{rest}.");
        }
    }

    private static bool SameShape(ImmutableArray<long> found, ImmutableArray<long> expected)
    {
        int dimensions = Math.Max(found.Length, expected.Length);
        for (int axis = 0; axis < dimensions; axis++)
        {
            if ((axis < found.Length ? found[axis] : 1) != (axis < expected.Length ? expected[axis] : 1)) return false;
        }

        return true;
    }

    private static string Describe(ImmutableArray<long> shape) => "[" + string.Join(", ", shape) + "]";
}

/// <summary>Formats a message only when its condition failed.</summary>
[InterpolatedStringHandler]
internal ref struct RequirementMessage
{
    private DefaultInterpolatedStringHandler _inner;

    public RequirementMessage(int literalLength, int formattedCount, bool condition, out bool needed)
    {
        needed = !condition;
        if (needed) _inner = new(literalLength, formattedCount);
    }

    public void AppendLiteral(string value) => _inner.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _inner.AppendFormatted(value);

    public override string ToString() => _inner.ToStringAndClear();
}
