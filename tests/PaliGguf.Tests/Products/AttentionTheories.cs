using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

/// <summary>Of attention row by row.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AttentionTheoryAttribute : TheoryAttribute
{
    public AttentionTheoryAttribute()
    {
        if (!DecoderAttention.IsSupported) Skip = "There is no code for this processor: it has no AVX2.";
    }
}

/// <summary>Of attention in tiles.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TileTheoryAttribute : TheoryAttribute
{
    public TileTheoryAttribute()
    {
        if (!AttentionTile.IsSupported) Skip = "There is no code for this processor: it has no AVX-512.";
    }
}
