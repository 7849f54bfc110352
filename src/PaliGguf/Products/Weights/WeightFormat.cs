namespace PaliGguf.Products;

/// <summary>How a type's rows become panels.</summary>
internal abstract unsafe class WeightFormat(TileShape shape)
{
    private static readonly Dictionary<GgmlType, WeightFormat> All = new()
    {
        [GgmlType.Q8_0] = new SmallBlockFormat<Q8_0Block>(),
        [GgmlType.Q4_0] = new SmallBlockFormat<Q4_0Block>(),
        [GgmlType.Q4_1] = new SmallBlockFormat<Q4_1Block>(),
        [GgmlType.Q5_0] = new SmallBlockFormat<Q5_0Block>(),
        [GgmlType.Q5_1] = new SmallBlockFormat<Q5_1Block>(),
        [GgmlType.IQ4_NL] = new SmallBlockFormat<IQ4_NLBlock>(),
        [GgmlType.IQ4_XS] = new SuperBlockFormat<IQ4_XSBlock>(),
        [GgmlType.Q2_K] = new SuperBlockFormat<Q2_KBlock>(),
        [GgmlType.Q3_K] = new SuperBlockFormat<Q3_KBlock>(),
        [GgmlType.Q4_K] = new SuperBlockFormat<SixBitScaleBlock<Absent>>(),
        [GgmlType.Q5_K] = new SuperBlockFormat<SixBitScaleBlock<Present>>(),
        [GgmlType.Q6_K] = new SuperBlockFormat<Q6_KBlock>(),
        [GgmlType.F32] = new FloatFormat<F32Weights>(),
        [GgmlType.F16] = new FloatFormat<F16Weights>(),
        [GgmlType.BF16] = new FloatFormat<BF16Weights>(),
    };

    /// <summary>The types that there is code for.</summary>
    public static IReadOnlyCollection<GgmlType> Types => All.Keys;

    /// <summary>What a panel of it holds.</summary>
    public TileShape Shape { get; } = shape;

    /// <summary>The weights of a stored block: rows are whole blocks.</summary>
    public abstract int Length { get; }

    /// <summary>The bytes of a stored block.</summary>
    public abstract int Bytes { get; }

    /// <summary>What an unsigned byte of a panel is more than the weight that it stands for, before scale and minimum.</summary>
    public abstract int Offset { get; }

    /// <summary>The format of a type; null if there is no code for it.</summary>
    public static WeightFormat? Of(GgmlType type) => All.GetValueOrDefault(type);

    /// <summary>Whether rows that were taken for one are as the other takes them.</summary>
    public bool TakesSameRows(WeightFormat other) =>
        Shape.Groups == other.Shape.Groups && Offset == other.Offset && TakesOneRow == other.TakesOneRow;

    /// <summary>Whether a single row is multiplied without a panel.</summary>
    public virtual bool TakesOneRow => false;

    /// <summary>Multiplies <see cref="Panel.Rows"/> rows of the matrix with a single row.</summary>
    /// <param name="vnni">Whether by AVX-VNNI, else by AVX2.</param>
    /// <param name="weights">The first row of the matrix.</param>
    /// <param name="stride">The bytes from a row to the next.</param>
    /// <param name="rows">The single row.</param>
    /// <param name="sums">Receives the sums.</param>
    public virtual void MultiplyOneRow(bool vnni, byte* weights, nint stride, RowGroups rows, float* sums) =>
        throw new NotSupportedException();

    /// <summary>Turns some blocks of <see cref="Panel.Rows"/> rows into a panel, in the order in which they are used.</summary>
    /// <param name="weights">The first row.</param>
    /// <param name="stride">The bytes from a row to the next.</param>
    /// <param name="length">The weights of a row.</param>
    /// <param name="first">The first block of <see cref="Panel.BlockLength"/> weights, which begins a stored one.</param>
    /// <param name="count">How many blocks.</param>
    /// <param name="signed">Whether weights become signed bytes.</param>
    /// <param name="panel">Of each four weights of a block, first those of row 0, then those of row 1, and so on; or of each weight, if
    /// they are floats.</param>
    /// <param name="scales">For each block and each of its scales the rows' scales, then the minima.</param>
    public abstract void Unpack(byte* weights, nint stride, nint length, nint first, nint count, bool signed, byte* panel, float* scales);
}
