using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Evaluation.Reports;

/// <summary>A run that is reported.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Header">What answers they are.</param>
/// <param name="Entries">The answers, by the ids of their items.</param>
public sealed record ReportRun(string Name, JournalHeader Header, IReadOnlyDictionary<string, JournalEntry> Entries);

/// <summary>A run as a report tells of it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Failures">How many items of the data set have no answer because something failed.</param>
/// <param name="Tokens">The mean length of the answers that are scored, in tokens.</param>
public sealed record ReportedRun(string Name, int Failures, double Tokens);
