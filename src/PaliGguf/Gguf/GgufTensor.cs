using System.Collections.Immutable;

namespace PaliGguf.Gguf;

/// <summary>What a file says about one tensor: its name, how and where it is stored. Immutable; usable with the file that it came from.</summary>
public sealed class GgufTensor
{
    internal GgufTensor(string name, GgmlType type, ImmutableArray<long> shape, long offset)
    {
        Name = name;
        Type = type;
        Shape = WithoutTrailingOnes(shape);
        Offset = offset;
        ByteLength = type.TensorByteLength(shape.AsSpan());
        RowByteLength = type.RowByteLength(shape[0]);
    }

    /// <summary>The name, unique in its file: 1 to 63 bytes of UTF-8.</summary>
    public string Name { get; }

    /// <summary>How the elements are stored.</summary>
    public GgmlType Type { get; }

    /// <summary>
    /// 1 to 4 dimensions, each at least 1, in GGUF order: the row length first, where a checkpoint's shape has it last. Dimensions of 1
    /// behind all others, which some files have and which mean nothing, are left out: what is [256, 1] in a file is [256] here.
    /// </summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Where the data begins, in bytes from the beginning of the file.</summary>
    public long Offset { get; }

    /// <summary>Bytes of the data, without padding.</summary>
    public long ByteLength { get; }

    /// <summary>Elements per row: the first dimension.</summary>
    public long RowLength => Shape[0];

    /// <summary>The number of rows: the product of all dimensions but the first.</summary>
    public long RowCount => ByteLength / RowByteLength;

    /// <summary>Bytes per row; rows follow each other without gaps.</summary>
    public long RowByteLength { get; }

    /// <summary>"NAME: TYPE [DIMENSIONS]".</summary>
    public override string ToString() => $"{Name}: {Type.Name} [{string.Join(", ", Shape)}]";

    private static ImmutableArray<long> WithoutTrailingOnes(ImmutableArray<long> shape)
    {
        int dimensions = shape.Length;
        while (dimensions > 1 && shape[dimensions - 1] == 1) dimensions--;
        return shape[..dimensions];
    }
}
