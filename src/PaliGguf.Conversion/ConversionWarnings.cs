namespace PaliGguf.Conversion;

/// <summary>What a user should know of a source that is converted all the same.</summary>
internal sealed class ConversionWarnings
{
    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => _all;

    /// <summary>Adds one.</summary>
    /// <param name="path">The file or folder in question.</param>
    /// <param name="warning">What of it is not taken over, or taken otherwise than it stands there: one line.</param>
    public void Add(string path, string warning) => _all.Add($"{path}: {warning}");
}
