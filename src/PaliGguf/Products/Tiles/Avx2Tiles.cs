
namespace PaliGguf.Products;

/// <summary>Tiles by AVX2, with as few steps as the bits of a type's weights allow.</summary>
internal sealed unsafe class Avx2Tiles : TileKernel
{
    /// <summary>The most bits of weights of which four pairs of products fit into 16 bits.</summary>
    public const int Narrow = 5;

    /// <summary>The most bits of which two pairs fit. Wider weights are taken as signed bytes.</summary>
    public const int Medium = 6;

    public override InstructionSet Instructions => InstructionSet.Avx2;

    public override bool TakesSigned(WeightFormat format) => format.Shape.Bits > Medium;

    public override int RowsAtOnce(TileShape shape) => VectorTile.Rows;

    public override void Multiply(TileShape shape, int rows, Tile* tile)
    {
        if (shape.Bits <= Narrow) VectorTile.Multiply<Avx2UnsignedDots<FourPairs>>(shape, rows, tile);
        else if (shape.Bits <= Medium) VectorTile.Multiply<Avx2UnsignedDots<TwoPairs>>(shape, rows, tile);
        else VectorTile.Multiply<Avx2WideDots>(shape, rows, tile);
    }
}
