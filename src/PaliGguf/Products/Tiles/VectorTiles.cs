namespace PaliGguf.Products;

/// <summary>Tiles in vectors of 256 bits, one way of multiplying bytes for all types.</summary>
internal sealed unsafe class VectorTiles<TDots>(InstructionSet instructions) : TileKernel
    where TDots : struct, IByteDots
{
    public override InstructionSet Instructions => instructions;

    public override int RowsAtOnce(TileShape shape) => VectorTile.Rows;

    public override void Multiply(TileShape shape, int rows, Tile* tile) => VectorTile.Multiply<TDots>(shape, rows, tile);
}
