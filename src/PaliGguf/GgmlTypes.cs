namespace PaliGguf;

/// <summary>How many bytes elements of each <see cref="GgmlType"/> take.</summary>
public static class GgmlTypes
{
    /// <summary>The most dimensions that a tensor has (GGML_MAX_DIMS).</summary>
    internal const int MaxDimensions = 4;

    extension(GgmlType type)
    {
        /// <summary>Whether this is a type that files may hold, and not a number without a meaning or one that ggml has retired.</summary>
        public bool IsKnown => Block(type).Elements > 0;

        /// <summary>Elements per block; 1 for types that are not quantized. Rows hold a whole number of blocks.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
        public int BlockSize => KnownBlock(type).Elements;

        /// <summary>Bytes per block.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
        public int TypeSize => KnownBlock(type).Bytes;

        /// <summary>Whether several elements share a block.</summary>
        /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
        public bool IsQuantized => KnownBlock(type).Elements > 1;

        /// <summary>Whether weights may be stored in it: ggml turns it into floats and multiplies by it. Not integers, doubles and the intermediates of products.</summary>
        internal bool HoldsWeights => type.IsKnown
            && type is not (GgmlType.I8 or GgmlType.I16 or GgmlType.I32 or GgmlType.I64 or GgmlType.F64 or GgmlType.Q8_1 or GgmlType.Q8_K);

        /// <summary>The name as it is commonly written: "F16", "Q8_0", "Q4_K".</summary>
        public string Name => type.ToString();

        /// <summary>Bytes of one row.</summary>
        /// <param name="elements">Elements of the row: at least 1, a multiple of the block size.</param>
        /// <exception cref="ArgumentOutOfRangeException">The type is unknown, or elements do not make whole blocks.</exception>
        /// <exception cref="OverflowException">The size is beyond 63 bits.</exception>
        public long RowByteLength(long elements)
        {
            (int blockElements, int blockBytes) = KnownBlock(type);
            ArgumentOutOfRangeException.ThrowIfLessThan(elements, 1);
            if (elements % blockElements != 0)
            {
                throw new ArgumentOutOfRangeException(nameof(elements), elements, $"A row of {type} has a multiple of {blockElements} elements.");
            }

            return checked(elements / blockElements * blockBytes);
        }

        /// <summary>Bytes of a whole tensor.</summary>
        /// <param name="shape">1 to 4 dimensions in GGUF order (row length first), each at least 1, the first a multiple of the block size.</param>
        /// <exception cref="ArgumentOutOfRangeException">The type is unknown, or the shape is not as described.</exception>
        /// <exception cref="OverflowException">The number of elements or bytes is beyond 63 bits.</exception>
        public long TensorByteLength(ReadOnlySpan<long> shape)
        {
            if (shape.Length is < 1 or > MaxDimensions)
            {
                throw new ArgumentOutOfRangeException(nameof(shape), shape.Length, $"A tensor has 1 to {MaxDimensions} dimensions.");
            }

            long bytes = type.RowByteLength(shape[0]);
            long elements = shape[0];
            foreach (long dimension in shape[1..])
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1, nameof(shape));
                bytes = checked(bytes * dimension);
                elements = checked(elements * dimension);
            }

            return bytes;
        }
    }

    private static (int Elements, int Bytes) KnownBlock(GgmlType type)
    {
        (int Elements, int Bytes) block = Block(type);
        return block.Elements > 0 ? block : throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown ggml type.");
    }

    private static (int Elements, int Bytes) Block(GgmlType type) => type switch
    {
        GgmlType.I8 => (1, 1),
        GgmlType.F16 or GgmlType.BF16 or GgmlType.I16 => (1, 2),
        GgmlType.F32 or GgmlType.I32 => (1, 4),
        GgmlType.F64 or GgmlType.I64 => (1, 8),
        GgmlType.Q1_0 => (128, 18),
        GgmlType.Q2_0 => (64, 18),
        GgmlType.Q4_0 => (32, 18),
        GgmlType.Q4_1 => (32, 20),
        GgmlType.Q5_0 => (32, 22),
        GgmlType.Q5_1 => (32, 24),
        GgmlType.Q8_0 => (32, 34),
        GgmlType.Q8_1 => (32, 36),
        GgmlType.MXFP4 => (32, 17),
        GgmlType.NVFP4 => (64, 36),
        GgmlType.Q2_K => (256, 84),
        GgmlType.Q3_K => (256, 110),
        GgmlType.Q4_K => (256, 144),
        GgmlType.Q5_K => (256, 176),
        GgmlType.Q6_K => (256, 210),
        GgmlType.Q8_K => (256, 292),
        GgmlType.IQ1_S => (256, 50),
        GgmlType.IQ1_M => (256, 56),
        GgmlType.IQ2_XXS => (256, 66),
        GgmlType.IQ2_XS => (256, 74),
        GgmlType.IQ2_S => (256, 82),
        GgmlType.IQ3_XXS => (256, 98),
        GgmlType.IQ3_S => (256, 110),
        GgmlType.IQ4_NL => (32, 18),
        GgmlType.IQ4_XS => (256, 136),
        GgmlType.TQ1_0 => (256, 54),
        GgmlType.TQ2_0 => (256, 66),
        _ => (0, 0),
    };
}
