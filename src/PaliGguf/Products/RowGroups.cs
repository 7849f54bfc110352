using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// Rows of floats as the products take them, in <see cref="RowRecord"/>s: in blocks of 32 with a scale each, signed bytes of at most 127,
/// as the library's Q8_0 but with scales in 32-bit floats; or as they are,
/// for weights that are floats.
/// </summary>
/// <param name="memory">Where the records are.</param>
/// <param name="length">The values of a row.</param>
/// <param name="shape">What they are multiplied with.</param>
/// <param name="offset">What the weights' bytes are more than the weights.</param>
/// <param name="single">Whether it is a single row in records of its own.</param>
internal readonly unsafe struct RowGroups(byte* memory, nint length, TileShape shape, int offset, bool single = false)
{
    private const float Largest = 127;

    /// <summary>The blocks of a row.</summary>
    public readonly nint Blocks = BlocksOf(length);

    public static nint BlocksOf(nint length) => (length + Panel.BlockLength - 1) / Panel.BlockLength;

    private int RecordBytes => single ? RowRecord.SingleBytes : shape.RecordBytes;

    /// <summary>The bytes of rows.</summary>
    public static long BytesFor(TileShape shape, long length, long rows) =>
        (rows + RowRecord.Rows - 1) / RowRecord.Rows * BlocksOf((nint)length) * shape.RecordBytes;

    /// <summary>A block of the group that a row is in.</summary>
    public byte* Record(nint row, nint block) => memory + (((row / RowRecord.Rows * Blocks) + block) * RecordBytes);

    /// <summary>Takes a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="source">As many floats as a row is long.</param>
    public void Set(nint row, float* source)
    {
        if (shape.IsFloats) Copy(row, source);
        else Quantize(row, source);
    }

    private void Copy(nint row, float* source)
    {
        byte* target = Record(row, 0) + (row % RowRecord.Rows * RowRecord.FloatStride);
        for (nint done = 0; done < length; done += Panel.BlockLength, target += RowRecord.FloatBytes)
        {
            Span<float> block = new(target, Panel.BlockLength);
            int some = (int)Math.Min(Panel.BlockLength, length - done);
            new ReadOnlySpan<float>(source + done, some).CopyTo(block);
            block[some..].Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(nint row, float* source)
    {
        byte* record = Record(row, 0);
        nint slot = row % RowRecord.Rows;
        sbyte* values = (sbyte*)record + (slot * RowRecord.ValueStride);
        int recordBytes = RecordBytes, column = single ? 1 : RowRecord.Rows;
        float* scales = (float*)(record + (column * RowRecord.ValueStride)) + slot;
        int* corrections = (int*)scales + column;
        float* sums = (float*)corrections + (2 * column);
        for (nint block = 0; block < Blocks; block++, source += Panel.BlockLength)
        {
            Vector256<float> x0 = Vector256.Load(source),
                x1 = Vector256.Load(source + 8), x2 = Vector256.Load(source + 16), x3 = Vector256.Load(source + 24);
            float highest = Highest(Avx.Max(Avx.Max(Vector256.Abs(x0), Vector256.Abs(x1)), Avx.Max(Vector256.Abs(x2), Vector256.Abs(x3))));
            Vector256<float> factor = Vector256.Create(highest > 0 ? Largest / highest : 0);
            Vector256<int> q0 = Avx.ConvertToVector256Int32(x0 * factor), q1 = Avx.ConvertToVector256Int32(x1 * factor);
            Vector256<int> q2 = Avx.ConvertToVector256Int32(x2 * factor), q3 = Avx.ConvertToVector256Int32(x3 * factor);
            // Packing goes by halves of a vector.
            Vector256<sbyte> packed = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(q0, q1), Avx2.PackSignedSaturate(q2, q3));
            Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte().Store(values);
            float scale = highest / Largest;
            scales[0] = scale;
            int first = Vector256.Sum(q0 + q1), second = Vector256.Sum(q2 + q3);
            if (shape.Groups == 1) first += second;
            corrections[0] = -offset * first;
            corrections[column] = -offset * second;
            sums[0] = scale * first;
            sums[column] = scale * second;
            values += recordBytes;
            scales += recordBytes / sizeof(float);
            corrections += recordBytes / sizeof(int);
            sums += recordBytes / sizeof(float);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Highest(Vector256<float> lanes)
    {
        Vector128<float> half = Sse.Max(lanes.GetLower(), lanes.GetUpper());
        half = Sse.Max(half, Sse.MoveHighToLow(half, half));
        return Sse.MaxScalar(half, Vector128.Shuffle(half, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }
}
