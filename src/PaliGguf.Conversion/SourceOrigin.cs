namespace PaliGguf.Conversion;

/// <summary>Where a checkpoint comes from, as the metadata of both files tells it.</summary>
/// <param name="Repository">Its name at a Hugging Face hub, <c>OWNER/NAME</c> (<c>general.source.huggingface.repository</c>).</param>
/// <param name="Commit">The commit's hash (<c>general.source.huggingface.commit</c>).</param>
/// <param name="Address">The page of that commit (<c>general.source.url</c>).</param>
public sealed record SourceOrigin(string Repository, string Commit, string Address);
