namespace PaliGguf.Products;

/// <summary>Whether the blocks of a type have a part that those of a sibling lack.</summary>
internal interface IBlockPart
{
    static abstract bool IsPresent { get; }
}

internal readonly struct Present : IBlockPart
{
    public static bool IsPresent => true;
}

internal readonly struct Absent : IBlockPart
{
    public static bool IsPresent => false;
}
