using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

/// <summary>Of attention that is ours.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AttentionTheoryAttribute : TheoryAttribute
{
    public AttentionTheoryAttribute()
    {
        if (!AttentionTile.IsSupported) Skip = "There is no code for this processor: it has no AVX2.";
    }
}
