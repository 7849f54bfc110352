using System.Collections.Immutable;

namespace PaliGguf.Gguf;

/// <summary>
/// Reads the tensor directory of a file, and checks that the data lies where ggml wants it: in order, padded to the alignment, without gaps,
/// wholly inside the file. Only the padding after the last tensor may be missing.
/// </summary>
internal static class GgufTensorReader
{
    private const string Part = "tensor";

    public static List<GgufTensor> Read(ref GgufCursor cursor, int count, uint alignment)
    {
        List<Declaration> declarations = new(count);
        HashSet<string> names = new(count, StringComparer.Ordinal);
        for (int index = 0; index < count; index++)
        {
            cursor.Enter(Part, index);
            Declaration declaration = ReadDeclaration(ref cursor);
            if (!names.Add(declaration.Name)) throw cursor.Fault($"the name {GgufName.Quote(declaration.Name)} is there twice.");
            declarations.Add(declaration);
        }

        return Place(ref cursor, declarations, alignment);
    }

    private static Declaration ReadDeclaration(ref GgufCursor cursor)
    {
        ReadOnlySpan<byte> bytes = cursor.TakeString(GgufLimits.TensorNameBytes, "the name");
        if (GgufName.Decode(bytes, out string name) is { } problem) throw cursor.Fault($"the name {GgufName.Quote(name)} {problem}.");
        uint dimensions = cursor.Read<uint>();
        if (dimensions is < 1 or > GgufLimits.Dimensions) throw cursor.Fault($"{name} has {dimensions} dimensions; expected 1 to {GgufLimits.Dimensions}.");
        ImmutableArray<long>.Builder shape = ImmutableArray.CreateBuilder<long>((int)dimensions);
        for (int axis = 0; axis < dimensions; axis++)
        {
            ulong dimension = cursor.Read<ulong>();
            if (dimension is < 1 or > long.MaxValue) throw cursor.Fault($"dimension {axis} of {name} is {dimension}; expected 1 to {long.MaxValue}.");
            shape.Add((long)dimension);
        }

        uint type = cursor.Read<uint>();
        ulong offset = cursor.Read<ulong>();
        Declaration declaration = new(name, (GgmlType)type, shape.MoveToImmutable(), offset);
        if (!declaration.Type.IsKnown) throw cursor.Fault($"{name} has the unknown type number {type}.");
        if (declaration.Shape[0] % declaration.Type.BlockSize != 0)
        {
            throw cursor.Fault($"the rows of {name} have {declaration.Shape[0]} elements; expected a multiple of {declaration.Type.BlockSize} for {declaration.Type.Name}.");
        }

        return declaration;
    }

    private static List<GgufTensor> Place(ref GgufCursor cursor, List<Declaration> declarations, uint alignment)
    {
        List<GgufTensor> tensors = new(declarations.Count);
        long dataStart = GgufLimits.Align(cursor.Position, alignment);
        long next = dataStart;
        foreach (Declaration declaration in declarations)
        {
            cursor.Enter(Part, tensors.Count);
            CheckOffset(ref cursor, declaration, (ulong)(next - dataStart), alignment, tensors.LastOrDefault());
            GgufTensor tensor = Create(ref cursor, declaration, next);
            if (next > cursor.Length || tensor.ByteLength > cursor.Length - next)
            {
                throw cursor.Fault(
                    $"{tensor.Name} has {tensor.ByteLength} bytes from {next} on, but the file ends at byte {cursor.Length}; it is truncated or damaged.");
            }

            tensors.Add(tensor);
            next = GgufLimits.Align(next + tensor.ByteLength, alignment);
        }

        return tensors;
    }

    private static void CheckOffset(ref GgufCursor cursor, Declaration declaration, ulong expected, uint alignment, GgufTensor? before)
    {
        ulong offset = declaration.Offset;
        if (offset == expected) return;
        string problem = offset % alignment != 0 ? $"which is not a multiple of the alignment {alignment}"
            : offset < expected ? "where another tensor lies"
            : "which leaves a gap before it";
        string place = before is null ? "the first" : $"behind {before}";
        throw cursor.Fault($"the data offset of {declaration.Name} is {offset}, {problem}; expected {expected}, {place}.");
    }

    private static GgufTensor Create(ref GgufCursor cursor, Declaration declaration, long offset)
    {
        try
        {
            return new GgufTensor(declaration.Name, declaration.Type, declaration.Shape, offset);
        }
        catch (OverflowException)
        {
            throw cursor.Fault($"the size of {declaration.Name}, [{string.Join(", ", declaration.Shape)}] of {declaration.Type.Name}, is beyond 63 bits.");
        }
    }

    private readonly record struct Declaration(string Name, GgmlType Type, ImmutableArray<long> Shape, ulong Offset);
}
