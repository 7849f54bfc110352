namespace PaliGguf.Products;

/// <summary>What a panel's blocks hold, which a kernel has to know of a type.</summary>
/// <param name="Groups">How many scales 32 weights have, 1 or 2; 0 for floats, which have none.</param>
/// <param name="Minima">Whether there is something to be added to each weight, as often as there are scales.</param>
/// <param name="Bits">The most bits of a weight's byte.</param>
internal readonly record struct TileShape(int Groups, bool Minima, int Bits)
{
    /// <summary>How many <see cref="Form"/>s there are.</summary>
    public const int Forms = 6;

    /// <summary>Floats.</summary>
    public static TileShape Floats { get; } = new(0, false, 32);

    public bool IsFloats => Groups == 0;

    /// <summary>The number of its form: what machine code is made for, to which bits make no difference.</summary>
    public int Form => (2 * Groups) + (Minima ? 1 : 0);

    /// <summary>The bytes of a panel's block without its scales.</summary>
    public int PanelBytes => Panel.Rows * Panel.BlockLength * (IsFloats ? sizeof(float) : 1);

    /// <summary>The scales and minima of a panel's block.</summary>
    public int ScaleFloats => Panel.Rows * Groups * (Minima ? 2 : 1);

    /// <summary>The bytes of the records in which rows are kept.</summary>
    public int RecordBytes => IsFloats ? RowRecord.FloatBytes : RowRecord.Bytes;
}
