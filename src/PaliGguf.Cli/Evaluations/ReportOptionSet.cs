using System.CommandLine;
using PaliGguf.Evaluation.Reports;

namespace PaliGguf.Cli.Evaluations;

/// <summary>The options that say what is told of a run, and where.</summary>
internal sealed class ReportOptionSet
{
    private const int MostResamples = 1_000_000;

    private static readonly ReportOptions Defaults = new();

    private readonly PathOption _against = new("--against")
    {
        Description = "Compare with another run over the same items: the journal of its 'eval --out'.",
        HelpName = "JOURNAL",
    };

    private readonly PathOption _html = new("--html")
    {
        Description = "Write one page with scores, a plot, and the worst and best answers with their pictures.",
        HelpName = "FILE",
    };

    private readonly Option<int> _resamples = new("--resamples")
    {
        Description = "How often scores are resampled for their intervals, and answers swapped for tests; 0 for neither. "
            + $"Default: {Defaults.Resamples}.",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Resamples,
    };

    private readonly Option<bool> _markdown = new("--markdown") { Description = "Print a table in Markdown." };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_against, _html, _resamples, _markdown]) command.Add(option);
    }

    /// <exception cref="UsageException">An option is out of range.</exception>
    public ReportChoice Read(ParseResult parse)
    {
        int resamples = parse.GetValue(_resamples);
        if (resamples is < 0 or > MostResamples)
        {
            throw new UsageException($"--resamples {resamples} is out of range; expected 0 to {MostResamples}.");
        }

        return new ReportChoice(parse.GetValue(_against), parse.GetValue(_html), resamples, parse.GetValue(_markdown));
    }
}

/// <summary>What the command line asks to be told of a run.</summary>
internal sealed record ReportChoice(string? Against, string? Html, int Resamples, bool Markdown)
{
    /// <summary>Whether more is asked than the scores alone.</summary>
    public bool IsDetailed => Against is not null || Html is not null;

    public ReportOptions Options() => new() { Resamples = Resamples };
}
