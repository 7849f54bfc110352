namespace PaliGguf.Language;

/// <summary>What a prefix consists of, before its rows are put together: requests that wait hold no copy of a picture.</summary>
/// <param name="SoftTokens">The rows of each picture, shared with whoever else asks about it.</param>
/// <param name="TextTokens">The tokens after them.</param>
/// <param name="Rows">Image tokens and text tokens.</param>
internal sealed record PrefixContent(IReadOnlyList<float[]> SoftTokens, int[] TextTokens, int Rows)
{
    /// <summary>What the vision tower took for it.</summary>
    public TimeSpan VisionTime { get; init; }

    /// <summary>How many of its pictures did not pass through the tower, because their soft tokens were there.</summary>
    public int PicturesCached { get; init; }
}
