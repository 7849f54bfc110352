namespace PaliGguf.Training.Network;

/// <summary>
/// Rounds rows up. oneDNN prepares a product for each number of rows, and keeps what it has prepared: few numbers are fast, and many
/// take memory.
/// </summary>
internal static class RowGroups
{
    /// <summary>Rows of text, after each picture.</summary>
    public const int Text = 8;

    /// <summary>Rows whose next token is a target.</summary>
    public const int Targets = 32;

    /// <summary>The least multiple of a group that holds some rows.</summary>
    public static int Up(int rows, int group) => (rows + group - 1) / group * group;
}
