using System.CommandLine;

namespace PaliGguf.Cli.Batches;

/// <summary>How many answers are decoded side by side.</summary>
internal sealed class SequencesOption : Option<int>
{
    private const int Most = 256;

    public SequencesOption()
        : base("--sequences")
    {
        Description = "How many answers are decoded side by side. Default: 4.";
        HelpName = "N";
        DefaultValueFactory = _ => 4;
    }

    /// <exception cref="UsageException">It is out of range.</exception>
    public int Read(ParseResult parse) => parse.GetValue(this) is >= 1 and <= Most and var sequences ? sequences
        : throw new UsageException($"{parse.GetValue(this)} sequences are out of range; expected 1 to {Most}.");
}
