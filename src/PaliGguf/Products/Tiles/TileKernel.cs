using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>The inner loops in one instruction set.</summary>
internal abstract unsafe class TileKernel : IDisposable
{
    /// <summary>The bytes of <see cref="Tile.Scratch"/>, which lies on a border of as many.</summary>
    public const int ScratchBytes = 4096;

    /// <summary>The bytes of a thread's state.</summary>
    public const int StateBytes = 64;

    public abstract InstructionSet Instructions { get; }

    /// <summary>The first such border in memory of twice as many bytes.</summary>
    public static byte* ScratchIn(byte* memory) => (byte*)(((nint)memory + ScratchBytes - 1) & -ScratchBytes);

    /// <summary>Whether a single row is multiplied by AVX-VNNI where there is no panel.</summary>
    public bool OneRowByVnni => Instructions != InstructionSet.Avx2 && AvxVnni.IsSupported;

    /// <summary>Whether it takes a type's weights as signed bytes: each what it is, without the type's offset.</summary>
    public virtual bool TakesSigned(WeightFormat format) => false;

    /// <summary>The most rows at once; a divisor of <see cref="RowRecord.Rows"/>.</summary>
    public abstract int RowsAtOnce(TileShape shape);

    /// <summary>The kernel for a shape and so many rows in all.</summary>
    public virtual TileKernel For(TileShape shape, nint rows) => this;

    /// <summary>Has what it needs for a shape. Not while something is computed.</summary>
    public virtual void Prepare(TileShape shape)
    {
    }

    /// <summary>To be called on each thread before its first tile of a product.</summary>
    /// <param name="before"><see cref="StateBytes"/> for what is to be as before afterwards: the library configures a thread's tiles
    /// once, and relies on it.</param>
    public virtual void Begin(byte* before)
    {
    }

    /// <summary>To be called on each thread after its last.</summary>
    public virtual void End(byte* before)
    {
    }

    /// <summary>Computes a tile.</summary>
    /// <param name="shape">What the panel's blocks hold.</param>
    /// <param name="rows">From 1 to <see cref="RowsAtOnce"/>.</param>
    /// <param name="tile">Where all is.</param>
    public abstract void Multiply(TileShape shape, int rows, Tile* tile);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>The kernel of an instruction set; of the next lower one where the system allows no code made at run time.</summary>
    public static TileKernel Open(InstructionSet instructions)
    {
        try
        {
            if (instructions == InstructionSet.Amx) return new AmxTiles();
            if (instructions == InstructionSet.Avx512Vnni) return new Avx512Tiles();
        }
        catch (NotSupportedException)
        {
            instructions = ProductProcessor.Available.Contains(InstructionSet.AvxVnni) ? InstructionSet.AvxVnni : InstructionSet.Avx2;
        }

        return instructions switch
        {
            InstructionSet.AvxVnni => new VectorTiles<AvxVnniDots>(InstructionSet.AvxVnni),
            InstructionSet.Avx2 => new Avx2Tiles(),
            _ => throw new ArgumentOutOfRangeException(nameof(instructions), instructions, "There are no kernels."),
        };
    }
}
